import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openLoadRoom, type LoadRoom } from './testing/load-room.ts';

let room: LoadRoom;

beforeAll(async () => {
  room = await openLoadRoom();
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

async function createPatients(table: string): Promise<void> {
  await room.replica.exec(`
    CREATE TABLE \`${table}\` (
      PatNum BIGINT NOT NULL PRIMARY KEY, LName VARCHAR(100) NOT NULL, Bal DOUBLE NOT NULL,
      DateTStamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
      _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq));
    INSERT INTO \`${table}\` (PatNum, LName, Bal, DateTStamp, _tidemark_seq) VALUES
      (1, 'Abel', 0, '2024-01-01 00:00:00', 1), (2, 'Béa', 1.5, '2024-01-02 00:00:00', 1),
      (3, 'Cy', -2, '2024-01-03 00:00:00', 1)`);
  await room.copied(table, { sequence: 1, rows: 3, watermarks: { DateTStamp: '2024-01-03 00:00:00' } });
}

describe('loadTable', () => {
  it('loads a table for the first time', async () => {
    await createPatients('first');
    const result = await room.load('first');
    expect(result).toMatchObject({
      status: 'success',
      strategy: 'full_table',
      counts: { rowsRead: 3, rowsInserted: 3, rowsUpdated: 0, rowsDeleted: 0, rowsUnchanged: 0 },
    });
    expect(await room.rawRows('first', '"PatNum"::text, "LName", "Bal"::text, "DateTStamp"::text')).toEqual([
      { PatNum: '1', LName: 'Abel', Bal: '0', DateTStamp: expect.any(String) },
      { PatNum: '2', LName: 'Béa', Bal: '1.5', DateTStamp: expect.any(String) },
      { PatNum: '3', LName: 'Cy', Bal: '-2', DateTStamp: expect.any(String) },
    ]);
    expect(await room.state('first')).toMatchObject({
      status: 'success',
      rows: 3,
      copySequence: '1',
      watermarks: { DateTStamp: '2024-01-03 00:00:00' },
      highestKey: '7',
      sourceAsOf: '2026-07-28 12:00:00.123456',
    });
  });
});

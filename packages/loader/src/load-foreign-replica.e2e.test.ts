import type { PlanSettings } from '@tidemark/incremental';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { NO_PLAN, openLoadRoom, type LoadRoom } from './testing/load-room.ts';
import { namesInRaw } from './testing/patient-table.ts';

let room: LoadRoom;

beforeAll(async () => {
  room = await openLoadRoom();
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

const plan: PlanSettings = { ...NO_PLAN, incrementalColumns: ['DateTStamp', 'DateEntry'] };
const settings = { plan };

/** A replica table as another tool makes it: no sequence column, no record of Tidemark's copy hop. */
async function createForeign(table: string): Promise<void> {
  await room.replica.exec(`
    CREATE TABLE ${table} (
      PatNum BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, LName VARCHAR(100) NOT NULL,
      DateTStamp TIMESTAMP NULL, DateEntry DATE NULL, KEY (DateTStamp));
    INSERT INTO ${table} VALUES
      (1, 'Abel', '2024-01-01 00:00:00', '2024-01-01'), (2, 'Bea', '2024-01-02 00:00:00', NULL), (3, 'Cy', NULL, NULL)`);
}

describe('a replica without a copy sequence', () => {
  it('is loaded whole, then by its incremental columns', async () => {
    await createForeign('foreign_table');
    expect(await room.load('foreign_table', { settings })).toMatchObject({
      strategy: 'full_table',
      counts: { rowsRead: 3 },
    });
    expect(await room.state('foreign_table')).toMatchObject({
      watermarks: { DateTStamp: '2024-01-02 00:00:00', DateEntry: '2024-01-01' },
      highestKey: '3',
      copySequence: null,
      sourceAsOf: null,
    });
    await room.replica.exec(`
      UPDATE foreign_table SET LName = 'Béa', DateTStamp = '2024-02-01 00:00:00' WHERE PatNum = 2;
      INSERT INTO foreign_table VALUES (9, 'Unstamped', NULL, NULL)`);
    const result = await room.load('foreign_table', { settings });
    expect(result).toMatchObject({
      strategy: 'incremental',
      counts: { rowsInserted: 1, rowsUpdated: 1, rowsDeleted: 0 },
    });
    expect(result.reason).toMatch(/^The replica has no copy sequence\./);
    expect(await namesInRaw(room, 'foreign_table')).toEqual({ 1: 'Abel', 2: 'Béa', 3: 'Cy', 9: 'Unstamped' });
    expect(await room.state('foreign_table')).toMatchObject({
      watermarks: { DateTStamp: '2024-02-01 00:00:00', DateEntry: '2024-01-01' },
      highestKey: '9',
      rows: 4,
    });
  });

  it('shows what it deleted only to a full read', async () => {
    await createForeign('foreign_deletes');
    await room.load('foreign_deletes', { settings });
    await room.replica.exec('DELETE FROM foreign_deletes WHERE PatNum = 1');
    expect((await room.load('foreign_deletes', { settings })).counts).toMatchObject({ rowsDeleted: 0 });
    expect((await room.load('foreign_deletes', { settings, fullRefresh: true })).counts).toMatchObject({
      rowsDeleted: 1,
    });
  });

  it('is read whole when it has no incremental column', async () => {
    await createForeign('foreign_plain');
    const whole = { settings: { plan: NO_PLAN } };
    await room.load('foreign_plain', whole);
    expect(await room.load('foreign_plain', whole)).toMatchObject({
      strategy: 'full_table',
      counts: { rowsRead: 3, rowsUnchanged: 3 },
    });
  });

  it('is loaded from a database that has never seen Tidemark', async () => {
    await room.replica.exec('DROP TABLE etl_copy_status, etl_tombstone');
    await createForeign('foreign_virgin');
    await room.load('foreign_virgin', { settings });
    expect(await room.load('foreign_virgin', { settings })).toMatchObject({ strategy: 'incremental' });
  });
});

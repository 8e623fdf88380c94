import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openPipeline, type Asked, type Pipeline } from '../pipeline.ts';
import { shortOrLong } from '../races/how-long.ts';
import { verify } from './verify.ts';
import { writing } from './writing.ts';

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

const STAMPED: Asked = { plan: { incrementalColumns: ['DateTStamp'], strategy: 'incremental' } };
const DIGEST: Asked = { plan: { strategy: 'digest' } };

async function createTable(table: string, stamp: string): Promise<void> {
  await pipeline.source.exec(
    `CREATE TABLE ${table} (Num bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40), ${stamp}) ENGINE=MyISAM`,
  );
  const rows = Array.from({ length: 8_000 }, (_, at) => `('note ${at}')`);
  await pipeline.source.exec(`INSERT INTO ${table} (Note) VALUES ${rows.join(', ')}`);
}

test('what a clinic writes meanwhile is pending and no difference; what is wrong is found all the same', async () => {
  const table = 'written';
  await createTable(table, 'DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp');
  await pipeline.run(table, STAMPED);
  await pipeline.warehouse.exec(`UPDATE raw.${table} SET "Note" = 'other' WHERE "Num" = 4000`);
  // The watermark is the second of the last rows: only later ones are beyond it.
  await sleep(1_100);
  await using writer = await writing(pipeline, (turn) =>
    turn % 3 === 0
      ? `INSERT INTO ${table} (Note) VALUES ('new')`
      : `UPDATE ${table} SET Note = 'edited ${turn}' WHERE Num BETWEEN ${(turn * 613) % 8000} AND ${(turn * 613) % 8000} + 3 AND Num <> 4000`,
  );
  for (let round = 0; round < shortOrLong(3, 40); round += 1) {
    const before = writer.turns();
    const { verification } = await verify(pipeline, table, STAMPED);
    expect(writer.turns()).toBeGreaterThan(before);
    expect(verification).toMatchObject({ missing: 0, extra: 0, different: 1, causes: { changed_in_raw: 1 } });
    expect(verification.pending).toBeGreaterThan(0);
  }
});

test('a row without a stamp that changes again and again is in motion', async () => {
  const table = 'restless';
  await createTable(table, 'Other int NOT NULL DEFAULT 0');
  await pipeline.run(table, DIGEST);
  await using _writer = await writing(pipeline, (turn) => `UPDATE ${table} SET Other = ${turn} WHERE Num = 17`);
  await sleep(50);
  const { verification } = await verify(pipeline, table, DIGEST);
  expect(verification).toMatchObject({ verdict: 'match', inMotion: 1, different: 0, causes: {} });
});

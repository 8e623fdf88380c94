import type { Verification } from '@tidemark/verifier';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openPipeline, type Asked, type Pipeline } from '../pipeline.ts';
import { verify } from './verify.ts';

let pipeline: Pipeline;
let tables = 0;
let table = '';

beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

const STAMPED: Asked = { plan: { incrementalColumns: ['DateTStamp'], strategy: 'incremental' } };
const DIGEST: Asked = { plan: { strategy: 'digest' } };

const ROWS = 40;

beforeEach(async () => {
  tables += 1;
  table = `planted_${tables}`;
  await pipeline.source.exec(
    `CREATE TABLE ${table} (PatNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, LName varchar(40) NOT NULL, Fee double,
       Birthdate date NOT NULL, DateTStamp timestamp NOT NULL DEFAULT '2026-01-01 00:00:00') ENGINE=MyISAM CHARSET=utf8`,
  );
  const rows = Array.from(
    { length: ROWS },
    (_, at) => `('name ${at}', ${at} * 1.1, '2001-02-03', '2026-03-01 10:00:00')`,
  );
  await pipeline.source.exec(`INSERT INTO ${table} (LName, Fee, Birthdate, DateTStamp) VALUES ${rows.join(', ')}`);
});

interface Planted {
  readonly asked?: Asked;
  /** What the source does before the run. */
  readonly before?: string;
  readonly source?: string;
  readonly replica?: string;
  readonly warehouse?: string;
  readonly found: Partial<Verification>;
}

const PLANTED: Readonly<Record<string, Planted>> = {
  nothing: { found: { verdict: 'match', causes: {} } },
  'a row that the replica lost': {
    replica: 'DELETE FROM # WHERE PatNum = 3',
    found: { missing: 1, extra: 0, different: 0, causes: { changed_in_replica: 1 } },
  },
  'a row put into the replica': {
    replica: `INSERT INTO # (PatNum, LName, Birthdate, DateTStamp) VALUES (99, 'x', '2001-01-01', '2026-03-01')`,
    found: { missing: 0, extra: 1, different: 0, causes: { changed_in_replica: 1 } },
  },
  'a row changed in the replica': {
    replica: `UPDATE # SET LName = 'other', Fee = 3 WHERE PatNum = 3`,
    found: { different: 1, missing: 0, extra: 0, causes: { changed_in_replica: 1 }, columns: { LName: 1, Fee: 1 } },
  },
  'a row that raw lost': {
    warehouse: 'DELETE FROM # WHERE "PatNum" = 40',
    found: { missing: 1, extra: 0, different: 0, causes: { changed_in_raw: 1 } },
  },
  'a row put into raw': {
    warehouse: `INSERT INTO # ("PatNum", "LName", "Birthdate", "DateTStamp") VALUES (0, 'x', '2001-01-01', now())`,
    found: { missing: 0, extra: 1, different: 0, causes: { changed_in_raw: 1 } },
  },
  'a row changed in raw': {
    warehouse: `UPDATE # SET "LName" = 'other' WHERE "PatNum" = 3`,
    found: { different: 1, causes: { changed_in_raw: 1 }, columns: { LName: 1 } },
  },
  'a number rounded and a text cut on the way to raw': {
    warehouse: `UPDATE # SET "LName" = 'nam' , "Fee" = 13 WHERE "PatNum" = 13`,
    found: { different: 1, causes: { changed_on_the_way: 1 }, columns: { LName: 1, Fee: 1 } },
  },
  'a change that did not move the stamp': {
    source: `UPDATE # SET LName = 'other' WHERE PatNum = 3`,
    found: { different: 1, causes: { stamp_did_not_move: 1 }, columns: { LName: 1 } },
  },
  'a change committed late': {
    source: `UPDATE # SET LName = 'other', DateTStamp = '2026-03-01 09:55:00' WHERE PatNum = 3`,
    found: { different: 1, causes: { late_commit: 1 }, columns: { LName: 1, DateTStamp: 1 } },
  },
  'a change of a table without a stamp': {
    asked: DIGEST,
    source: `UPDATE # SET LName = 'other' WHERE PatNum = 3`,
    found: { different: 1, causes: { no_stamp_column: 1 }, columns: { LName: 1 } },
  },
  'a deleted row': {
    source: `DELETE FROM # WHERE PatNum = 3`,
    found: { extra: 1, missing: 0, different: 0, causes: { deleted_in_source: 1 } },
  },
  'a row that the next copy brings': {
    source: `UPDATE # SET LName = 'other', DateTStamp = '2026-03-02 00:00:00' WHERE PatNum = 3`,
    found: { verdict: 'match', pending: 1, causes: {} },
  },
  'a row changed in the second of the watermark, after that was read': {
    before: `UPDATE # SET DateTStamp = '2026-03-01 09:00:00' WHERE PatNum = 3`,
    source: `UPDATE # SET LName = 'other', DateTStamp = '2026-03-01 10:00:00' WHERE PatNum = 3`,
    found: { verdict: 'match', pending: 1, causes: {} },
  },
  'a new row that the next copy brings': {
    source: `INSERT INTO # (LName, Birthdate) VALUES ('new', '2001-01-01')`,
    found: { verdict: 'match', pending: 1, causes: {} },
  },
  'a column that raw lacks': {
    warehouse: `ALTER TABLE # DROP COLUMN "Fee"`,
    found: { verdict: 'differs', schema: ['raw has no column Fee'], causes: {} },
  },
  'a column that the replica lacks': {
    source: `ALTER TABLE # ADD COLUMN Note text`,
    found: { verdict: 'differs', schema: ['the replica has no column Note'] },
  },
  'deletes that are ignored': {
    asked: { ...STAMPED, copy: { deletes: 'ignore' }, load: { deletes: 'ignore' } },
    source: `DELETE FROM # WHERE PatNum = 3`,
    found: { verdict: 'match', kept: 1 },
  },
};

async function plant({ source, replica, warehouse }: Planted): Promise<void> {
  if (source !== undefined) await pipeline.source.exec(source.replaceAll('#', table));
  if (replica !== undefined) await pipeline.replica.exec(replica.replaceAll('#', table));
  if (warehouse !== undefined) await pipeline.warehouse.exec(warehouse.replaceAll('#', `raw.${table}`));
}

describe('a planted difference', () => {
  test.for(Object.entries(PLANTED))('%s', async ([, planted]) => {
    const asked = planted.asked ?? STAMPED;
    if (planted.before !== undefined) await plant({ source: planted.before, found: {} });
    await pipeline.run(table, asked);
    await plant(planted);
    const { verification } = await verify(pipeline, table, asked);
    expect(verification).toMatchObject({ verdict: 'differs', inMotion: 0, ...planted.found });
  });
});

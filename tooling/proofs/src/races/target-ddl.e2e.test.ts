import { onPoint } from '@tidemark/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { sharedPipeline } from '../losses/shared-pipeline.ts';
import { outcomeOf, type Outcome } from './outcome-of.ts';
import { ASKED, createSheets, expectTold, runTold } from './sheets.ts';

const { pipeline } = sharedPipeline();

let tables = 0;
let table = '';

beforeEach(async () => {
  tables += 1;
  table = `sheet_${tables}`;
  await createSheets(pipeline(), table);
});

/** Copies and loads, then changes two rows. */
async function runAndChange(): Promise<void> {
  await pipeline().run(table, ASKED);
  await pipeline().source.exec(`UPDATE ${table} SET Note = 'changed' WHERE SheetNum IN (3, 21)`);
}

interface Meddling {
  readonly database: 'replica' | 'warehouse';
  /** `t` stands for the table. */
  readonly sql: string;
  readonly hop: 'copy' | 'load';
  readonly point: string;
}

/** A run of one hop with somebody else's DDL at its first visit of a point; a failure has moved nothing. */
async function meddled({ database, sql, hop, point }: Meddling): Promise<Outcome> {
  const before = (await pipeline().states(table))[hop];
  using reached = onPoint(point, table, async () => {
    if (reached.visits() === 1) await pipeline()[database].exec(sql.replaceAll(/\bt(?=\b|_new)/g, table));
  });
  const outcome = await outcomeOf(pipeline()[hop](table, ASKED));
  expect(reached.visits()).toBeGreaterThan(0);
  await expectTold(pipeline(), hop, { table, before, outcome });
  return outcome;
}

/** The next run puts everything right by itself: no digest, no flag. */
async function expectMendedByNextRun(): Promise<void> {
  expect(await runTold(pipeline(), table, ASKED)).toEqual({ code: null });
  await pipeline().expectEqual(table);
  expect((await pipeline().run(table, ASKED)).copy.strategy).toBe('incremental');
}

const CHANGED = 'TABLE_CHANGED_DURING_RUN';
const REPLICA = {
  dropped: 'DROP TABLE t',
  emptied: 'TRUNCATE TABLE t',
  'dropped and made anew': 'CREATE TABLE t_new LIKE t; DROP TABLE t; RENAME TABLE t_new TO t',
  'altered: a column less': 'ALTER TABLE t DROP COLUMN Note',
} as const;
const REPLICA_ACTS = Object.entries(REPLICA);

describe('the replica table is', () => {
  // require-replica-rows.ts (requireReplicaRows); `lacksValues` in copy-table.ts
  test.each(REPLICA_ACTS)('%s before an incremental read', async (_, sql) => {
    await runAndChange();
    const outcome = await meddled({ database: 'replica', sql, hop: 'copy', point: 'copy.run-recorded' });
    expect(outcome.code).toBe(CHANGED);
    await expectMendedByNextRun();
  });

  test.each(REPLICA_ACTS)('%s before what was read is applied', async (_, sql) => {
    await runAndChange();
    const outcome = await meddled({ database: 'replica', sql, hop: 'copy', point: 'copy.staged' });
    expect(outcome.code).toBe(CHANGED);
    await expectMendedByNextRun();
  });

  // `gained` in ensure-replica-table.ts
  test.each(['dropped', 'altered: a column less'] as const)('%s after the first chunk of a first copy', async (act) => {
    const sql = REPLICA[act];
    const outcome = await meddled({ database: 'replica', sql, hop: 'copy', point: 'copy.after-chunk-commit' });
    expect(outcome.code).toBe(CHANGED);
    await expectMendedByNextRun();
  });

  // require-replica-rows.ts (requireCopiedRows)
  test.each(['emptied', 'dropped and made anew'] as const)('%s after the first chunk of a first copy', async (act) => {
    const sql = REPLICA[act];
    const outcome = await meddled({ database: 'replica', sql, hop: 'copy', point: 'copy.after-chunk-commit' });
    expect(outcome).toMatchObject({
      code: 'COUNTS_DISAGREE',
      hint: expect.stringContaining(`tidemark run ${table} --full-refresh`),
    });
    expect(await runTold(pipeline(), table, ASKED)).toMatchObject({ code: 'COUNTS_DISAGREE' });
    await pipeline().run(table, { ...ASKED, fullRefresh: true });
    await expectMendedByNextRun();
  });

  // ensure-replica-table.ts: a column that the source lacks
  test('altered: a column more. That is for a person to decide', async () => {
    await runAndChange();
    const sql = 'ALTER TABLE t ADD COLUMN Mine int';
    await meddled({ database: 'replica', sql, hop: 'copy', point: 'copy.staged' });
    expect(await runTold(pipeline(), table, ASKED)).toMatchObject({
      code: 'SCHEMA_INCOMPATIBLE',
      hint: expect.stringContaining(`tidemark run ${table} --full-refresh`),
    });
    await pipeline().run(table, { ...ASKED, fullRefresh: true });
    await expectMendedByNextRun();
  });

  // find-replica-table.ts and open-replica-snapshot.ts: what was described is not there, or not in the snapshot
  test.each(REPLICA_ACTS)('%s when a load has begun', async (_, sql) => {
    await runAndChange();
    await pipeline().copy(table, ASKED);
    const outcome = await meddled({ database: 'replica', sql, hop: 'load', point: 'load.raw-table-ready' });
    expect(outcome.code).toBe(CHANGED);
    await expectMendedByNextRun();
  });
});

const RAW_ACTS = Object.entries({
  dropped: 'DROP TABLE raw.t',
  emptied: 'TRUNCATE TABLE raw.t',
  'dropped and made anew':
    'CREATE TABLE raw.t_new (LIKE raw.t INCLUDING ALL); DROP TABLE raw.t; ALTER TABLE raw.t_new RENAME TO t',
  'altered: a column less': 'ALTER TABLE raw.t DROP COLUMN "Note"',
});

describe('the raw table is', () => {
  // requireRawRows in merge-raw.ts
  test.each(RAW_ACTS)('%s when a load has looked at it', async (_, sql) => {
    await runAndChange();
    await pipeline().copy(table, ASKED);
    const outcome = await meddled({ database: 'warehouse', sql, hop: 'load', point: 'load.raw-table-ready' });
    expect(outcome.code).toBe(CHANGED);
    await expectMendedByNextRun();
  });

  test.each(RAW_ACTS)('%s when the rows are staged', async (_, sql) => {
    await runAndChange();
    await pipeline().copy(table, ASKED);
    const outcome = await meddled({ database: 'warehouse', sql, hop: 'load', point: 'load.staged' });
    expect(outcome.code).toBe(CHANGED);
    await expectMendedByNextRun();
  });

  test('altered: a column more, which is left alone', async () => {
    await runAndChange();
    await pipeline().copy(table, ASKED);
    const sql = 'ALTER TABLE raw.t ADD COLUMN mine int';
    expect(await meddled({ database: 'warehouse', sql, hop: 'load', point: 'load.staged' })).toEqual({ code: null });
    await expectMendedByNextRun();
  });
});

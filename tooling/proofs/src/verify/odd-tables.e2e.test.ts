import type { Scope } from '@tidemark/verifier';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openPipeline, type Asked, type Pipeline } from '../pipeline.ts';
import { verify } from './verify.ts';

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

const NOTHING = { missing: 0, extra: 0, different: 0, pending: 0, inMotion: 0, kept: 0 };

test('an empty table is equal', async () => {
  await pipeline.source.exec('CREATE TABLE bare (id int NOT NULL PRIMARY KEY)');
  await pipeline.run('bare');
  const { verification } = await verify(pipeline, 'bare');
  expect(verification).toMatchObject({ verdict: 'match', sourceRows: 0, replicaRows: 0, warehouseRows: 0, ...NOTHING });
});

test('names that PostgreSQL cuts, with capitals and quotes in them', async () => {
  const table = `Odd "names" ${'x'.repeat(50)}`;
  const column = `Naïve "col" ${'é'.repeat(40)}`;
  await pipeline.source.exec(
    `CREATE TABLE \`${table}\` (\`Key "No"\` int NOT NULL PRIMARY KEY, \`${column}\` varchar(9)) DEFAULT CHARSET utf8mb4;
     INSERT INTO \`${table}\` VALUES (1, 'a'), (2, NULL)`,
  );
  await pipeline.run(table);
  expect((await verify(pipeline, table)).verification).toMatchObject({ verdict: 'match', ...NOTHING });
  await pipeline.replica.exec(`UPDATE \`${table}\` SET \`${column}\` = 'b' WHERE \`Key "No"\` = 2`);
  const { verification } = await verify(pipeline, table);
  expect(verification).toMatchObject({ different: 1, columns: { [column]: 1 } });
});

test('rows that deletes keep on purpose, and one that somebody put back', async () => {
  const asked: Asked = { plan: { strategy: 'digest' }, copy: { deletes: 'flag' }, load: { deletes: 'flag' } };
  await pipeline.source.exec(
    `CREATE TABLE flagged (id int NOT NULL PRIMARY KEY, v int); INSERT INTO flagged VALUES (1, 1), (2, 2), (3, 3)`,
  );
  await pipeline.run('flagged', asked);
  await pipeline.source.exec('DELETE FROM flagged WHERE id < 3');
  await pipeline.copy('flagged', asked);
  const waiting = (await verify(pipeline, 'flagged', asked)).verification;
  expect(waiting).toMatchObject({ verdict: 'match', ...NOTHING, pending: 2 });
  await pipeline.load('flagged', asked);
  expect((await verify(pipeline, 'flagged', asked)).verification).toMatchObject({ ...NOTHING, warehouseRows: 1 });
  await pipeline.warehouse.exec('UPDATE raw.flagged SET _tidemark_deleted_at = NULL WHERE id = 1');
  const { verification } = await verify(pipeline, 'flagged', asked);
  expect(verification).toMatchObject({ verdict: 'differs', extra: 1, causes: { changed_in_raw: 1 } });
});

test('a table that no hop has finished is left', async () => {
  await pipeline.source.exec('CREATE TABLE unseen (id int NOT NULL PRIMARY KEY); INSERT INTO unseen VALUES (1)');
  expect((await verify(pipeline, 'unseen')).verification).toMatchObject({
    verdict: 'skipped',
    reason: 'not copied yet',
  });
  await pipeline.copy('unseen');
  expect((await verify(pipeline, 'unseen')).verification).toMatchObject({
    verdict: 'skipped',
    reason: 'not loaded yet',
  });
});

test.each<Scope>([{ kind: 'full' }, { kind: 'sample', share: 1 }])(
  'a raw that holds keys twice is not proved: $kind',
  async (scope) => {
    const table = `twins_${scope.kind}`;
    await pipeline.source.exec(
      `CREATE TABLE ${table} (id int NOT NULL PRIMARY KEY, v varchar(9)); INSERT INTO ${table} VALUES (1, 'a'), (2, 'b'), (3, 'c')`,
    );
    await pipeline.run(table);
    await pipeline.warehouse.exec(
      `ALTER TABLE raw.${table} DROP CONSTRAINT ${table}_pkey; INSERT INTO raw.${table} SELECT * FROM raw.${table} WHERE id = 3`,
    );
    await expect(verify(pipeline, table, { scope })).rejects.toMatchObject({ code: 'DUPLICATE_KEY', table });
    await pipeline.warehouse.exec(`TRUNCATE raw.${table}`);
    await pipeline.load(table);
    expect((await verify(pipeline, table, { scope })).verification).toMatchObject({
      verdict: 'match',
      warehouseRows: 3,
    });
  },
);

test('a column that the source has no more is told, though the values of the others are equal', async () => {
  await pipeline.source.exec(
    'CREATE TABLE shrunk (id int NOT NULL PRIMARY KEY, v varchar(9), w int); INSERT INTO shrunk (id) VALUES (1)',
  );
  await pipeline.run('shrunk');
  await pipeline.source.exec('ALTER TABLE shrunk DROP COLUMN v');
  const { verification } = await verify(pipeline, 'shrunk');
  expect(verification).toMatchObject({ verdict: 'differs', schema: ['the source has no column v'], ...NOTHING });
});

test('many rows of which none is right', async () => {
  const values = Array.from({ length: 30_000 }, (_, at) => `(${at + 1}, 'a')`);
  await pipeline.source.exec(
    `CREATE TABLE wrong (id int NOT NULL PRIMARY KEY, v varchar(20)) ENGINE=InnoDB; INSERT INTO wrong VALUES ${values.join(', ')}`,
  );
  await pipeline.run('wrong');
  await pipeline.source.exec('DELETE FROM wrong WHERE id > 100');
  await pipeline.replica.exec(`UPDATE wrong SET v = 'b' WHERE id <= 100`);
  await pipeline.warehouse.exec(`UPDATE raw.wrong SET v = 'c' WHERE id > 29000`);
  const { verification, rows } = await verify(pipeline, 'wrong');
  expect(verification).toMatchObject({ missing: 0, extra: 29_900, different: 100 });
  const causes = { deleted_in_source: 29_900, changed_in_replica: 100, changed_in_raw: 1_000 };
  expect(verification.causes).toEqual(causes);
  expect(rows).toHaveLength(30_000);
});

test('more rows that differ than are kept are counted once, whichever scan meets them', async () => {
  const values = Array.from({ length: 6_000 }, (_, at) => `(${at + 1}, 'a')`);
  await pipeline.source.exec(
    `CREATE TABLE overfull (id int NOT NULL PRIMARY KEY, v varchar(20)) ENGINE=InnoDB; INSERT INTO overfull VALUES ${values.join(', ')}`,
  );
  await pipeline.run('overfull');
  // Two thousand each that only the one scan meets, both, and only the other.
  await pipeline.source.exec(`UPDATE overfull SET v = 'z' WHERE id % 3 = 0`);
  await pipeline.replica.exec(`UPDATE overfull SET v = 'b' WHERE id % 3 = 1`);
  await pipeline.warehouse.exec(`UPDATE raw.overfull SET v = 'c' WHERE id % 3 = 2`);
  for (const mostRowsKept of [0, 700, 100_000]) {
    const { verification } = await verify(pipeline, 'overfull', { mostRowsKept });
    const causes = { no_stamp_column: 2_000, changed_in_replica: 2_000, changed_in_raw: 2_000 };
    expect(verification).toMatchObject({ missing: 0, extra: 0, different: 6_000, causes, columns: { v: 6_000 } });
  }
});

test.each<Scope>([{ kind: 'full' }, { kind: 'sample', share: 1 }])(
  'keeps to the rate of the source: $kind',
  async (scope) => {
    const table = `paced_${scope.kind}`;
    const values = Array.from({ length: 3_000 }, (_, at) => `(${at + 1}, 'a')`);
    await pipeline.source.exec(
      `CREATE TABLE ${table} (id int NOT NULL PRIMARY KEY, v varchar(20)); INSERT INTO ${table} VALUES ${values.join(', ')}`,
    );
    await pipeline.run(table);
    let turns = 0;
    const taken: number[] = [];
    const ready = (): Promise<void> => {
      turns += 1;
      return Promise.resolve();
    };
    await verify(pipeline, table, { scope, throttle: { mostRows: 500, ready, took: (rows) => void taken.push(rows) } });
    expect(taken.reduce((sum, rows) => sum + rows, 0)).toBeGreaterThanOrEqual(3_000);
    expect(Math.max(...taken)).toBeLessThanOrEqual(2 * 500);
    expect(turns).toBeGreaterThanOrEqual(taken.length);
  },
);

test('a run that was asked to stop', async () => {
  const signal = AbortSignal.abort();
  await expect(verify(pipeline, 'wrong', { signal })).rejects.toMatchObject({ code: 'STOPPED', table: 'wrong' });
});

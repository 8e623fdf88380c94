import { openMysqlSession } from '@tidemark/mysql';
import { onPoint, pauseAt } from '@tidemark/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { surveyReplica } from './survey-replica.ts';
import { copyFixture, SETTINGS, type CopyFixture } from './testing/copy-fixture.ts';

let fixture: CopyFixture;

beforeAll(async () => {
  fixture = await copyFixture();
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

const STAMPED = { settings: { plan: { incrementalColumns: ['DateTStamp'] } } };
const ADOPT = { adopt: true, ...STAMPED };
const ROWS = 1_000;

const DDL = (table: string): string => `CREATE TABLE ${table} (
  Num BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, Note VARCHAR(100) NOT NULL DEFAULT '',
  DateTStamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) ENGINE=MyISAM`;

/** The same rows on both sides, the replica's written by another program: as the source's DDL says. */
async function filledByAnother(table: string, ddl = DDL(table)): Promise<void> {
  const rows = Array.from(
    { length: ROWS },
    (_, index) => `(${index + 1}, 'n', '2024-01-01 00:${String(index % 60).padStart(2, '0')}:00')`,
  );
  await fixture.source.exec(`${DDL(table)}; INSERT INTO ${table} VALUES ${rows.join(',')}`);
  await fixture.replica.exec(`${ddl}; INSERT INTO ${table} (Num, Note, DateTStamp) VALUES ${rows.join(',')}`);
}

async function sequences(table: string): Promise<unknown[]> {
  return fixture.replica.query(
    `SELECT CAST(_tidemark_seq AS CHAR) AS seq, CAST(COUNT(*) AS CHAR) AS n FROM ${table} GROUP BY 1 ORDER BY 1`,
  );
}

test('rows of another program are compared; only those that differ are read and written', async () => {
  await filledByAnother('a_few');
  await fixture.source.exec(`UPDATE a_few SET Note = 'stale there' WHERE Num IN (5, 700);
    INSERT INTO a_few VALUES (5000, 'missing there', '2024-06-01 00:00:00')`);
  await fixture.replica.exec(`INSERT INTO a_few VALUES (9000, 'phantom', '2024-06-01 00:00:00')`);
  expect(await fixture.copy('a_few', ADOPT)).toMatchObject({
    strategy: 'digest',
    reason: 'Rows that another program copied are taken over: they are compared by digest.',
    counts: { rowsRead: 3, rowsInserted: 1, rowsUpdated: 2, rowsDeleted: 1 },
  });
  const { source, replica } = await fixture.both('a_few');
  expect(replica).toEqual(source);
  expect(await sequences('a_few')).toEqual([
    { seq: '0', n: String(ROWS - 2) },
    { seq: '1', n: '3' },
  ]);
});

test('the watermark is a value of the rows that were taken over, so the next copy reads what changed', async () => {
  await filledByAnother('marked');
  await fixture.copy('marked', ADOPT);
  expect(await fixture.state('marked')).toMatchObject({
    watermarks: { DateTStamp: '2024-01-01 00:59:00' },
    highestKey: String(ROWS),
    rows: ROWS,
    succeeded: true,
  });
  await fixture.source.exec(
    `INSERT INTO marked (Note) VALUES ('new'); UPDATE marked SET Note = 'changed' WHERE Num = 1`,
  );
  const { strategy, counts } = await fixture.copy('marked', STAMPED);
  expect({ strategy, ...counts }).toMatchObject({ strategy: 'incremental', rowsInserted: 1, rowsUpdated: 1 });
  // The lookback brings the last ten minutes before the watermark.
  expect(counts.rowsRead).toBeLessThan(ROWS / 4);
});

test('no clock but the source’s caps it: a value of the future is left out', async () => {
  await filledByAnother('future');
  await fixture.source.exec(`UPDATE future SET DateTStamp = '2037-01-01 00:00:00' WHERE Num = 3`);
  await fixture.replica.exec(`UPDATE future SET DateTStamp = '2037-01-01 00:00:00' WHERE Num = 3`);
  await fixture.copy('future', ADOPT);
  expect((await fixture.state('future')).watermarks).toEqual({ DateTStamp: '2024-01-01 00:59:00' });
});

test('the table becomes one of Tidemark’s: engine, sequence, indexes, and no stamp that moves by itself', async () => {
  await filledByAnother('mended', DDL('mended').replace(' AUTO_INCREMENT PRIMARY KEY', ''));
  await fixture.copy('mended', ADOPT);
  const [row] = await fixture.replica.query<Record<'ddl', string>>(
    `SELECT ENGINE AS ddl FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'mended'`,
  );
  expect(row?.ddl).toBe('InnoDB');
  const shown = await fixture.replica.query<Record<string, string>>('SHOW CREATE TABLE mended');
  const ddl = shown[0]?.['Create Table'] ?? '';
  expect(ddl).toContain('PRIMARY KEY (`Num`)');
  expect(ddl).toContain('KEY `_tidemark_stamp_1` (`DateTStamp`)');
  expect(ddl).toContain('KEY `_tidemark_seq` (`_tidemark_seq`)');
  expect(ddl).not.toMatch(/ON UPDATE/i);
});

test('a key that the replica holds twice stops it, without a word of the key', async () => {
  await filledByAnother('doubled', DDL('doubled').replace(' AUTO_INCREMENT PRIMARY KEY', ''));
  await fixture.replica.exec(`INSERT INTO doubled VALUES (77, 'twin', '2024-01-01 00:00:00')`);
  const failure: unknown = await fixture.copy('doubled', ADOPT).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'DUPLICATE_KEY', table: 'doubled' });
  expect(JSON.stringify(failure)).not.toContain('77');
  expect(await fixture.state('doubled')).toMatchObject({ status: 'failed', succeeded: false, watermarks: {} });
});

test('a replica without rows, and one that holds part of a first copy of ours, are copied as ever', async () => {
  await fixture.source.exec(`${DDL('fresh')}; INSERT INTO fresh (Note) VALUES ('a'), ('b')`);
  await fixture.replica.exec(DDL('fresh'));
  expect(await fixture.copy('fresh', ADOPT)).toMatchObject({ strategy: 'full_table', counts: { rowsInserted: 2 } });
});

test('what Tidemark copied before goes on from its watermarks', async () => {
  await filledByAnother('ours');
  await fixture.copy('ours', ADOPT);
  expect(await fixture.copy('ours', ADOPT)).toMatchObject({ strategy: 'incremental', counts: { rowsUpdated: 0 } });
});

test('a record that an older pipeline left does not count its rows', async () => {
  await filledByAnother('counted');
  await fixture.replica.exec(
    `INSERT INTO etl_copy_status (table_name, rows_copied, copy_status) VALUES ('counted', 35000, 'success')`,
  );
  await fixture.copy('counted', ADOPT);
  expect(await fixture.state('counted')).toMatchObject({ rows: ROWS, status: 'success' });
});

test.each(['copy.clock-read', 'copy.staged', 'copy.applied'] as const)(
  'what changes at %s of the takeover is in the replica after the next copy at the latest',
  async (point) => {
    const table = `busy_${point.replaceAll(/[.-]/g, '_')}`;
    await filledByAnother(table);
    using pause = pauseAt(point, table);
    const adopting = fixture.copy(table, ADOPT);
    await pause.reached;
    await fixture.source.exec(
      `UPDATE ${table} SET Note = 'meanwhile' WHERE Num = 9; INSERT INTO ${table} (Note) VALUES ('new')`,
    );
    pause.release();
    await adopting;
    expect((await fixture.copy(table, STAMPED)).strategy).toBe('incremental');
    const { source, replica } = await fixture.both(table);
    expect(replica).toEqual(source);
  },
);

test('a takeover that fails leaves the rows as they were, and no state to go on from', async () => {
  await filledByAnother('broken');
  await fixture.source.exec(`UPDATE broken SET Note = 'stale there' WHERE Num = 5`);
  const before = await fixture.both('broken');
  using _fault = onPoint('copy.before-commit', 'broken', 'fail');
  await expect(fixture.copy('broken', ADOPT)).rejects.toThrow();
  expect((await fixture.both('broken')).replica).toEqual(before.replica);
  expect(await fixture.state('broken')).toMatchObject({ status: 'failed', succeeded: false, watermarks: {}, rows: 0 });
});

test('more phantoms than the cap allows are kept until somebody says so', async () => {
  await filledByAnother('phantoms');
  const rows = Array.from({ length: 1_100 }, (_, index) => `(${index + 50_000}, 'phantom', '2024-01-01 00:00:00')`);
  await fixture.replica.exec(`INSERT INTO phantoms VALUES ${rows.join(',')}`);
  await expect(fixture.copy('phantoms', ADOPT)).rejects.toMatchObject({ code: 'DELETE_CAP' });
  const { counts } = await fixture.copy('phantoms', { ...ADOPT, allowDeletes: true });
  expect(counts).toMatchObject({ rowsDeleted: 1_100, rowsUpdated: 0 });
});

test('a view in place of the table is told beforehand, and by the copy', async () => {
  await fixture.source.exec(DDL('viewed'));
  await fixture.replica.exec('CREATE VIEW viewed AS SELECT 1 AS Num');
  const source = await openMysqlSession(fixture.source.endpoint, { where: 'source' });
  const replica = await openMysqlSession(fixture.replica.endpoint, { where: 'replica' });
  try {
    const survey = await surveyReplica({ source, replica }, { table: 'viewed', settings: SETTINGS });
    expect(survey).toMatchObject({ state: 'absent', obstacles: ['viewed is a view: drop or rename it'] });
  } finally {
    await Promise.all([source.close(), replica.close()]);
  }
  await expect(fixture.copy('viewed')).rejects.toMatchObject({
    code: 'SCHEMA_INCOMPATIBLE',
    message: 'replica: viewed is a view',
  });
  await fixture.replica.exec('DROP VIEW viewed');
  expect(await fixture.copy('viewed')).toMatchObject({ counts: { rowsRead: 0 } });
});

test('a replica table with another key is told with what makes it anew', async () => {
  await fixture.source.exec(DDL('rekeyed'));
  await fixture.replica.exec(`CREATE TABLE rekeyed (Num BIGINT NOT NULL, Note VARCHAR(100) NOT NULL PRIMARY KEY,
    DateTStamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)`);
  const source = await openMysqlSession(fixture.source.endpoint, { where: 'source' });
  const replica = await openMysqlSession(fixture.replica.endpoint, { where: 'replica' });
  try {
    const survey = await surveyReplica({ source, replica }, { table: 'rekeyed', settings: SETTINGS });
    expect(survey?.obstacles).toEqual([
      'the key is (Num) in the source and (Note) in the replica',
      '`tidemark run rekeyed --full-refresh` makes its table anew from the source',
    ]);
  } finally {
    await Promise.all([source.close(), replica.close()]);
  }
  expect(await fixture.copy('rekeyed', { fullRefresh: true })).toMatchObject({ counts: { rowsRead: 0 } });
});

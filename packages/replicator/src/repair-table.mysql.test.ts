import { numbers, onPoint } from '@tidemark/testkit';
import { POINTS } from '@tidemark/tracking';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Differences } from './find-differences.ts';
import { copyFixture, type Asked, type CopyFixture } from './testing/copy-fixture.ts';

let fixture: CopyFixture;
beforeEach(async () => {
  fixture = await copyFixture();
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

const VISIT = `CREATE TABLE visit (
  VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  Note varchar(40),
  DateTStamp timestamp NOT NULL DEFAULT current_timestamp) ENGINE=MyISAM DEFAULT CHARSET=utf8`;

/** Rows 1 to so many, copied; then the replica is damaged: 3 is changed, 5 is gone, and it has one that is not theirs. */
async function damagedVisits(rows: number): Promise<void> {
  await fixture.source.exec(VISIT);
  await fixture.source.exec(
    `INSERT INTO visit (Note, DateTStamp)
     SELECT CONCAT('note ', seq), '2024-05-01 12:00:00' + INTERVAL seq SECOND
       FROM ${numbers(1, rows)} ORDER BY seq`,
  );
  await fixture.copy('visit');
  await fixture.replica.exec(
    `UPDATE visit SET Note = 'spoilt' WHERE VisitNum = 3; DELETE FROM visit WHERE VisitNum = 5;
     INSERT INTO visit (VisitNum, Note, DateTStamp) VALUES (900000, 'not theirs', '2024-05-01')`,
  );
}

function differences(found: Partial<Differences>): Differences {
  return { ranges: [], changedKeys: [], goneKeys: [], sourceRows: 1_000, ...found };
}

const DAMAGE = differences({ changedKeys: [['3'], ['5']], goneKeys: [['900000']] });

const repair = (found: Differences, asked: Asked = {}): ReturnType<CopyFixture['copy']> =>
  fixture.copy('visit', { ...asked, repair: found });

async function expectEqual(): Promise<void> {
  const { source, replica } = await fixture.both('visit');
  expect(replica).toEqual(source);
}

const sequences = (): Promise<unknown> =>
  fixture.replica.query('SELECT VisitNum AS n FROM visit WHERE _tidemark_seq = 2 ORDER BY VisitNum');

describe('a repair', () => {
  test('brings the named rows right and no other, and says so in the records', async () => {
    await damagedVisits(1_000);
    await fixture.replica.exec(`UPDATE visit SET Note = 'not named' WHERE VisitNum = 7`);
    const before = await fixture.state('visit');
    const done = await repair(DAMAGE);
    expect(done).toMatchObject({
      status: 'success',
      counts: { rowsRead: 2, rowsInserted: 1, rowsUpdated: 1, rowsDeleted: 1 },
    });
    expect(await sequences()).toEqual([{ n: '3' }, { n: '5' }]);
    expect(await fixture.replica.query('SELECT Note FROM visit WHERE VisitNum = 7')).toEqual([{ Note: 'not named' }]);
    expect(await fixture.replica.query('SELECT row_key, copy_sequence FROM etl_tombstone')).toEqual([
      { row_key: '["900000"]', copy_sequence: '2' },
    ]);
    const { lastSucceededAt, ...after } = await fixture.state('visit');
    expect(after).toEqual({ ...before, lastSucceededAt: undefined, copySequence: '2', rows: 1_000 });
    expect(lastSucceededAt).not.toBe(before.lastSucceededAt);
    const [entry] = await fixture.tracking.history();
    expect(entry).toMatchObject({ plan: 'repair', status: 'success', counts: { rowsUpdated: 1 } });
    expect(entry?.reason).toBe('A comparison found 3 rows and 0 ranges that differ.');
  });

  test('reads a range whole and takes out what is not theirs', async () => {
    await damagedVisits(1_000);
    const ranges = [
      { after: null, upTo: ['10'] },
      { after: ['999'], upTo: null },
    ];
    expect((await repair(differences({ ranges }))).counts).toMatchObject({ rowsRead: 11, rowsDeleted: 1 });
    await expectEqual();
  });

  test('run again changes no row and no sequence', async () => {
    await damagedVisits(1_000);
    await repair(DAMAGE);
    expect((await repair(DAMAGE)).counts).toMatchObject({ rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0 });
    expect(await sequences()).toEqual([{ n: '3' }, { n: '5' }]);
    expect(await fixture.state('visit')).toMatchObject({ copySequence: '2', rows: 1_000 });
  });

  test('copies a row as it is now, whatever the comparison saw', async () => {
    await damagedVisits(1_000);
    await fixture.source.exec(
      `DELETE FROM visit WHERE VisitNum = 3; UPDATE visit SET Note = 'later' WHERE VisitNum = 5;
       INSERT INTO visit (VisitNum, Note) VALUES (900000, 'theirs by now')`,
    );
    expect((await repair(DAMAGE)).counts).toMatchObject({ rowsInserted: 1, rowsUpdated: 1, rowsDeleted: 1 });
    await expectEqual();
  });

  test('takes keys that are named twice, and in a range besides', async () => {
    await damagedVisits(1_000);
    const changedKeys = Array.from({ length: 1_200 }, (_, index) => [String((index % 600) + 1)]);
    await repair(differences({ changedKeys, ranges: [{ after: null, upTo: ['8'] }], goneKeys: DAMAGE.goneKeys }));
    await expectEqual();
  });

  test('of more rows than one statement names', async () => {
    await damagedVisits(3_000);
    await fixture.replica.exec(`UPDATE visit SET Note = 'spoilt'; DELETE FROM visit WHERE VisitNum % 2 = 0`);
    const changedKeys = Array.from({ length: 3_000 }, (_, index) => [String(index + 1)]);
    expect((await repair(differences({ changedKeys }))).counts).toMatchObject({ rowsRead: 3_000 });
    expect(await fixture.state('visit')).toMatchObject({ rows: 3_000 });
  });
});

describe('deletes of a repair', () => {
  /** Rows of the replica that are not theirs. */
  async function strangers(rows: number): Promise<Differences> {
    await damagedVisits(1_000);
    await fixture.replica.exec(
      `INSERT INTO visit (VisitNum, Note, DateTStamp) SELECT seq, 'x', '2024-05-01' FROM ${numbers(10_001, 10_000 + rows)}`,
    );
    return differences({ goneKeys: Array.from({ length: rows }, (_, index) => [String(10_001 + index)]) });
  }

  test('are held to the cap', async () => {
    const found = await strangers(1_001);
    await expect(repair(found)).rejects.toMatchObject({ code: 'DELETE_CAP' });
    expect((await repair(found, { allowDeletes: true })).counts).toMatchObject({ rowsDeleted: 1_001 });
  });

  test('are not counted where the row came back', async () => {
    const found = await strangers(1_001);
    await fixture.source.exec(`INSERT INTO visit (VisitNum, Note) SELECT seq, 'x' FROM ${numbers(10_001, 10_500)}`);
    expect((await repair(found)).counts).toMatchObject({ rowsDeleted: 501 });
  });

  test('are not inferred from a source table that is empty by now', async () => {
    const found = await strangers(2);
    await fixture.source.exec('DELETE FROM visit');
    await expect(repair(found)).rejects.toMatchObject({ code: 'DELETE_CAP' });
  });

  test('are held back while OpenDental converts tables', async () => {
    const found = await strangers(2);
    await fixture.source.exec('CREATE TABLE tempConv_visit_1 (x int)');
    const done = await repair(found);
    expect(done).toMatchObject({ counts: { rowsDeleted: 0 }, changes: { deletesHeldBack: 1 } });
  });

  test('do not happen with deletes: ignore', async () => {
    const found = await strangers(2);
    expect(await repair(found, { settings: { deletes: 'ignore' } })).toMatchObject({
      counts: { rowsDeleted: 0 },
      changes: {},
    });
  });
});

describe('without a finished copy of the same columns', () => {
  const refused = { code: 'TABLE_NOT_READY', hint: 'Run `tidemark run visit`: it reads the table whole.' };

  test('a table that was never copied is refused, and nothing is made of it', async () => {
    await fixture.source.exec(VISIT);
    await expect(repair(DAMAGE)).rejects.toMatchObject(refused);
    expect(await fixture.replica.query(`SHOW TABLES LIKE 'visit'`)).toEqual([]);
  });

  test('a copy from scratch that did not end is refused', async () => {
    await damagedVisits(3_000);
    await fixture.replica.exec('DROP TABLE visit');
    {
      using _failing = onPoint('copy.after-chunk-commit', 'visit', 'fail');
      await expect(fixture.copy('visit', { settings: { batchRows: 1_000 } })).rejects.toMatchObject({
        code: 'INTERNAL',
      });
    }
    await expect(repair(DAMAGE)).rejects.toMatchObject(refused);
    expect((await fixture.state('visit')).resume).not.toBeNull();
  });

  test.each([
    ['a column that is new in the source', 'source', 'ALTER TABLE visit ADD COLUMN Fee int NOT NULL DEFAULT 7'],
    ['a column that is narrower in the source', 'source', 'ALTER TABLE visit MODIFY COLUMN Note varchar(30)'],
    ['a column that the replica lost', 'replica', 'ALTER TABLE visit DROP COLUMN Note'],
    ['a replica table that was emptied', 'replica', 'TRUNCATE TABLE visit'],
    ['a replica table that was dropped', 'replica', 'DROP TABLE visit'],
  ] as const)('%s is refused, and the next copy brings everything', async (_what, where, sql) => {
    await damagedVisits(100);
    await fixture[where].exec(sql);
    await expect(repair(DAMAGE)).rejects.toMatchObject(refused);
    await fixture.copy('visit');
    await expectEqual();
  });
});

test('a repair that fails at any of its points moves nothing, and succeeds when it is run again', async () => {
  await damagedVisits(1_000);
  await fixture.source.exec('DELETE FROM visit WHERE VisitNum = 1000');
  const found = differences({ changedKeys: [['3'], ['5'], ['1000']], goneKeys: [['900000']] });
  const visited: string[] = [];
  {
    using watching = new DisposableStack();
    for (const point of POINTS) watching.use(onPoint(point, 'visit', () => void visited.push(point)));
    using _fault = onPoint('copy.before-commit', 'visit', 'fail');
    await expect(repair(found)).rejects.toMatchObject({ code: 'INTERNAL' });
  }
  const before = { ...(await fixture.state('visit')), consecutiveFailures: 0 };
  const rows = await fixture.both('visit');
  const points = visited.filter((point) => !/failure|interruption/.test(point));
  expect(points).toEqual(expect.arrayContaining(['copy.locked', 'copy.staged', 'copy.buried', 'copy.tracked']));
  for (const point of points) {
    using _fault = onPoint(point, 'visit', 'fail');
    await expect(repair(found)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await fixture.both('visit')).toEqual(rows);
    expect({ ...(await fixture.state('visit')), consecutiveFailures: 0 }).toEqual(before);
  }
  expect((await repair(found)).counts).toMatchObject({ rowsUpdated: 1, rowsInserted: 1, rowsDeleted: 2 });
  await expectEqual();
});

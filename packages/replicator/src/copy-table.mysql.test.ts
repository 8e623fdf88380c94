import { numbers, onPoint, startMysql } from '@tidemark/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

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
  PatNum bigint NOT NULL,
  Note text,
  AptDateTime datetime NOT NULL DEFAULT '0001-01-01 00:00:00',
  DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
  KEY (PatNum)) ENGINE=MyISAM DEFAULT CHARSET=utf8`;

async function fillVisits(rows: number): Promise<void> {
  await fixture.source.exec(VISIT);
  await fixture.source.exec(
    `INSERT INTO visit (PatNum, Note, DateTStamp)
     SELECT seq % 97, CONCAT('note\\t', seq), '2024-05-01 12:00:00' + INTERVAL seq SECOND
       FROM ${numbers(1, rows)} ORDER BY seq`,
  );
}

async function expectEqual(table: string): Promise<void> {
  const { source, replica } = await fixture.both(table);
  expect(replica).toEqual(source);
}

describe('first copy', () => {
  test('brings every row and records what arrived in the same breath', async () => {
    await fillVisits(1_000);
    const result = await fixture.copy('visit');
    expect(result).toMatchObject({
      status: 'success',
      strategy: 'full_table',
      counts: { rowsRead: 1_000, rowsInserted: 1_000 },
    });
    await expectEqual('visit');
    expect(await fixture.state('visit')).toMatchObject({
      status: 'success',
      rows: 1_000,
      watermarks: { DateTStamp: '2024-05-01 12:16:40' },
      highestKey: '1000',
      copySequence: '1',
      resume: null,
    });
  });

  test('of a big table goes on from its last chunk after a failure, and reads no chunk twice', async () => {
    await fillVisits(25_000);
    let chunks = 0;
    using _failing = onPoint('copy.before-chunk-commit', 'visit', () => {
      chunks += 1;
      if (chunks === 3) throw new Error('planned');
    });
    await expect(fixture.copy('visit', { settings: { batchRows: 5_000 } })).rejects.toMatchObject({ code: 'INTERNAL' });
    const half = await fixture.state('visit');
    expect(half).toMatchObject({ status: 'failed', sourceAsOf: null, watermarks: {} });
    expect(half.resume).not.toBeNull();
    const rest = await fixture.copy('visit', { settings: { batchRows: 5_000 } });
    expect(rest.counts.rowsRead).toBe(15_000);
    await expectEqual('visit');
    expect(await fixture.state('visit')).toMatchObject({ rows: 25_000, resume: null, highestKey: '25000' });
  });

  test('that was interrupted caps its watermark by the clock of its first chunk', async () => {
    await fillVisits(12_000);
    let chunks = 0;
    using _failing = onPoint('copy.before-chunk-commit', 'visit', () => {
      chunks += 1;
      if (chunks === 2) throw new Error('planned');
    });
    await expect(fixture.copy('visit', { settings: { batchRows: 5_000 } })).rejects.toMatchObject({ code: 'INTERNAL' });
    // A row of the finished first chunk changes, and so does one of the last, later.
    await fixture.source.exec(
      `UPDATE visit SET Note = 'early', DateTStamp = UTC_TIMESTAMP() + INTERVAL 1 HOUR WHERE VisitNum = 3`,
    );
    await fixture.source.exec(
      `UPDATE visit SET Note = 'late', DateTStamp = UTC_TIMESTAMP() + INTERVAL 2 HOUR WHERE VisitNum = 11999`,
    );
    await fixture.copy('visit', { settings: { batchRows: 5_000 } });
    await fixture.copy('visit');
    await expectEqual('visit');
  });

  test('of an empty table succeeds with zero rows, and later rows arrive', async () => {
    await fixture.source.exec(VISIT);
    await fixture.copy('visit');
    expect(await fixture.state('visit')).toMatchObject({ status: 'success', rows: 0 });
    await fixture.source.exec(`INSERT INTO visit (PatNum, Note) VALUES (1, 'first')`);
    expect((await fixture.copy('visit')).counts.rowsInserted).toBe(1);
    await expectEqual('visit');
  });
});

test('a replica that does not allow LOAD DATA LOCAL gets its rows by INSERT', async () => {
  await using server = await startMysql({ name: 'replica without local_infile', localInfile: false });
  await using strict = await copyFixture({ replicaServer: server });
  await strict.source.exec(
    `${VISIT}; INSERT INTO visit (PatNum, Note) VALUES (1, 'it''s\\t\\\\ a "note"'), (2, NULL), (3, '')`,
  );
  await strict.copy('visit');
  await strict.source.exec(`UPDATE visit SET Note = 'x' WHERE PatNum = 2`);
  expect((await strict.copy('visit')).counts.rowsUpdated).toBe(1);
  const { source, replica } = await strict.both('visit');
  expect(replica).toEqual(source);
  expect(
    await strict.replica.query('SELECT MIN(_tidemark_seq) AS least, MAX(_tidemark_seq) AS most FROM visit'),
  ).toEqual([{ least: '1', most: '2' }]);
});

describe('incremental copy', () => {
  test('reads what changed and not the table', async () => {
    await fillVisits(10_000);
    await fixture.copy('visit');
    await fixture.source.exec(`UPDATE visit SET Note = 'changed' WHERE VisitNum IN (5, 9000)`);
    await fixture.source.exec(`INSERT INTO visit (PatNum, Note) VALUES (7, 'new')`);
    const { counts, strategy } = await fixture.copy('visit');
    expect(strategy).toBe('incremental');
    expect(counts).toMatchObject({ rowsInserted: 1, rowsUpdated: 2 });
    expect(counts.rowsRead).toBeLessThan(700); // two rows, one new one, and ten minutes of lookback at a row a second
    await expectEqual('visit');
    expect((await fixture.state('visit')).copySequence).toBe('2');
  });

  test('run again changes no row and no sequence', async () => {
    await fillVisits(500);
    await fixture.copy('visit');
    const before = await fixture.replica.query('SELECT MAX(_tidemark_seq) AS s, COUNT(*) AS n FROM visit');
    const again = await fixture.copy('visit');
    expect(again.counts).toMatchObject({ rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0 });
    expect(await fixture.replica.query('SELECT MAX(_tidemark_seq) AS s, COUNT(*) AS n FROM visit')).toEqual(before);
    expect((await fixture.state('visit')).copySequence).toBe('1');
  });

  test('keeps the source stamp where the replica has an ON UPDATE of its own', async () => {
    await fillVisits(10);
    await fixture.copy('visit');
    await fixture.replica.exec(
      `ALTER TABLE visit MODIFY DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp`,
    );
    await fixture.source.exec(`UPDATE visit SET Note = 'x', DateTStamp = '2024-06-01 00:00:00' WHERE VisitNum = 4`);
    await fixture.copy('visit');
    await expectEqual('visit');
  });

  test('sees a change that differs only by letter case or a trailing space', async () => {
    await fillVisits(10);
    await fixture.source.exec(`UPDATE visit SET Note = 'abc' WHERE VisitNum < 3`);
    await fixture.copy('visit');
    await fixture.source.exec(`UPDATE visit SET Note = 'ABC' WHERE VisitNum = 1`);
    await fixture.source.exec(`UPDATE visit SET Note = 'abc ' WHERE VisitNum = 2`);
    await fixture.copy('visit');
    await expectEqual('visit');
  });
});

describe('digest', () => {
  test('finds updates without a stamp and hard deletes, and reads little', async () => {
    await fillVisits(20_000);
    await fixture.copy('visit');
    await fixture.source.exec(`UPDATE visit SET Note = 'silent', DateTStamp = DateTStamp WHERE VisitNum = 777`);
    await fixture.source.exec(`DELETE FROM visit WHERE VisitNum IN (1, 15000, 20000)`);
    const { counts, reason } = await fixture.copy('visit', { settings: { digestEverySeconds: 0 } });
    expect(counts).toMatchObject({ rowsUpdated: 1, rowsDeleted: 3 });
    expect(counts.rowsRead).toBeLessThan(602 + 2); // the lookback at a row a second, and the one row that differs
    expect(reason).toContain('digest');
    await expectEqual('visit');
    const tombstones = await fixture.replica.query<{ row_key: string }>('SELECT row_key FROM etl_tombstone');
    expect(tombstones.map((tombstone) => tombstone.row_key).toSorted()).toEqual(['["1"]', '["15000"]', '["20000"]']);
  });

  test('brings a FLOAT or DOUBLE that differs only in digits that a server does not print', async () => {
    await fixture.source.exec(`CREATE TABLE measure (
      Num int NOT NULL PRIMARY KEY, Weight float, Dose double NOT NULL, Price double(16,2) NOT NULL)`);
    const [first, next] = [
      `(1, 3.402821032496136e38, 1, 1), (2, -1.2345678901234567e-300, -1.2345678901234567e-300, 1), (3, 16777216, 0, 0.01)`,
      `(1, 3.4028181929587916e38, 1, 1), (2, -1.2345678901234567e-300, -1.2345678901234569e-300, 1), (3, 16777218, 0, 0.02)`,
    ];
    await fixture.source.exec(`INSERT INTO measure VALUES ${first}`);
    await fixture.copy('measure');
    await fixture.source.exec(`REPLACE INTO measure VALUES ${next}`);
    const { counts } = await fixture.copy('measure', { settings: { digestEverySeconds: 0 } });
    await expectEqual('measure');
    expect(counts).toMatchObject({ rowsUpdated: 3 });
  });

  test('finds what was changed in the replica behind our back', async () => {
    await fillVisits(3_000);
    await fixture.copy('visit');
    await fixture.replica.exec(`UPDATE visit SET Note = 'tampered' WHERE VisitNum = 1500`);
    await fixture.replica.exec(`INSERT INTO visit (VisitNum, PatNum, Note) VALUES (999999, 1, 'phantom')`);
    await fixture.copy('visit', { settings: { plan: { strategy: 'digest' } } });
    await expectEqual('visit');
    expect(await fixture.state('visit')).toMatchObject({ rows: 3_000 });
  });

  test('is made when its time has come and not before', async () => {
    await fillVisits(100);
    await fixture.copy('visit');
    const daily = { settings: { digestEverySeconds: 86_400 } };
    expect((await fixture.copy('visit', daily)).reason).not.toContain('digest');
    await fixture.replica.exec(`UPDATE etl_copy_status SET digested_at = digested_at - INTERVAL 25 HOUR`);
    expect((await fixture.copy('visit', daily)).reason).toContain('digest');
    expect((await fixture.copy('visit', daily)).reason).not.toContain('digest');
  });

  test('is made when the source clock was set back behind the last one', async () => {
    await fillVisits(10);
    await fixture.copy('visit');
    await fixture.source.exec('DELETE FROM visit WHERE VisitNum = 3');
    await fixture.replica.exec(
      `UPDATE etl_copy_status SET digested_at = UTC_TIMESTAMP() + INTERVAL 30 DAY WHERE table_name = 'visit'`,
    );
    const { counts } = await fixture.copy('visit', { settings: { digestEverySeconds: 86_400 } });
    expect(counts).toMatchObject({ rowsDeleted: 1 });
    await expectEqual('visit');
  });
});

describe('full table', () => {
  const whole = { settings: { plan: { strategy: 'full_table' } } } as const;

  test('is applied as a difference', async () => {
    await fillVisits(400);
    await fixture.copy('visit', whole);
    await fixture.source.exec(`DELETE FROM visit WHERE VisitNum = 7`);
    await fixture.source.exec(`UPDATE visit SET Note = 'x', DateTStamp = DateTStamp WHERE VisitNum = 8`);
    expect((await fixture.copy('visit', whole)).counts).toMatchObject({
      rowsRead: 399,
      rowsUpdated: 1,
      rowsDeleted: 1,
      rowsUnchanged: 398,
    });
    await expectEqual('visit');
  });

  test('does not take an emptied source table for deletes unless told so', async () => {
    await fillVisits(50);
    await fixture.copy('visit', whole);
    const before = await fixture.state('visit');
    await fixture.source.exec(`DELETE FROM visit`);
    await expect(fixture.copy('visit', whole)).rejects.toMatchObject({ code: 'DELETE_CAP' });
    expect(await fixture.state('visit')).toMatchObject({ watermarks: before.watermarks, rows: 50, status: 'failed' });
    await fixture.copy('visit', { ...whole, allowDeletes: true });
    await expectEqual('visit');
  });

  test('does not delete more than the cap', async () => {
    await fillVisits(4_000);
    await fixture.copy('visit', whole);
    await fixture.source.exec(`DELETE FROM visit WHERE VisitNum <= 1500`);
    await expect(fixture.copy('visit', whole)).rejects.toMatchObject({ code: 'DELETE_CAP' });
    expect((await fixture.both('visit')).replica).toHaveLength(4_000);
  });

  test('holds deletes back while OpenDental converts tables', async () => {
    await fillVisits(50);
    await fixture.copy('visit', whole);
    await fixture.source.exec(`CREATE TABLE tempConv_visit123 (a int); DELETE FROM visit WHERE VisitNum < 10`);
    const { counts, changes } = await fixture.copy('visit', whole);
    expect(counts.rowsDeleted).toBe(0);
    expect(changes).toEqual({ deletesHeldBack: 1, marksHeldBack: 1 });
  });
});

describe('what went on behind our back', () => {
  test('a dropped replica table is copied anew', async () => {
    await fillVisits(100);
    await fixture.copy('visit');
    await fixture.replica.exec('DROP TABLE visit');
    expect((await fixture.copy('visit')).counts.rowsInserted).toBe(100);
    await expectEqual('visit');
  });

  test('an emptied replica table is copied anew', async () => {
    await fillVisits(100);
    await fixture.copy('visit');
    await fixture.replica.exec('TRUNCATE TABLE visit');
    expect((await fixture.copy('visit')).counts.rowsInserted).toBe(100);
    await expectEqual('visit');
  });

  test('a copy of a dropped table that is interrupted is not taken for a finished one', async () => {
    await fillVisits(12_000);
    await fixture.copy('visit');
    await fixture.replica.exec('DROP TABLE visit');
    let chunks = 0;
    using _failing = onPoint('copy.after-chunk-commit', 'visit', () => {
      chunks += 1;
      if (chunks === 1) throw new Error('planned');
    });
    await expect(fixture.copy('visit', { settings: { batchRows: 5_000 } })).rejects.toMatchObject({ code: 'INTERNAL' });
    await fixture.copy('visit', { settings: { batchRows: 5_000 } });
    await expectEqual('visit');
  });
});

describe('refusals', () => {
  test('a table without a key is named, with what to do', async () => {
    await fixture.source.exec('CREATE TABLE loose (a int, b int)');
    await expect(fixture.copy('loose')).rejects.toMatchObject({ code: 'TABLE_WITHOUT_KEY', table: 'loose' });
    expect(await fixture.state('loose')).toMatchObject({ status: 'failed', lastError: 'TABLE_WITHOUT_KEY' });
  });

  test('a table that the source lacks is skipped', async () => {
    expect(await fixture.copy('nowhere')).toMatchObject({ status: 'skipped' });
  });

  test('a failure leaves watermark, times and counts where the last success left them', async () => {
    await fillVisits(100);
    await fixture.copy('visit');
    const before = await fixture.state('visit');
    await fixture.source.exec('ALTER TABLE visit DROP COLUMN Note');
    await expect(fixture.copy('visit')).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE' });
    expect(await fixture.state('visit')).toEqual({
      ...before,
      status: 'failed',
      lastError: 'SCHEMA_INCOMPATIBLE',
      consecutiveFailures: 1,
    });
  });
});

/** No row of it is read but by a stamp. */
const LARGE: Asked = { settings: { plan: { fullTableBelowRows: 0, lookbackSeconds: { '*': 0 } } } };

describe('a column that the replica alone has lost', () => {
  // ensure-replica-table.ts: what was recorded of the structure is forgotten before the column is added
  test('is filled, also where the run that added it came to its end there', async () => {
    await fillVisits(100);
    await fixture.copy('visit', LARGE);
    expect(await fixture.copy('visit', LARGE)).toMatchObject({ strategy: 'incremental' });
    await fixture.replica.exec('ALTER TABLE visit DROP COLUMN Note');
    using _failing = onPoint('copy.after-ddl', 'visit', () => {
      throw new Error('planned');
    });
    await expect(fixture.copy('visit', LARGE)).rejects.toMatchObject({ code: 'INTERNAL' });
    _failing[Symbol.dispose]();
    await fixture.copy('visit', LARGE);
    await expectEqual('visit');
  });
});

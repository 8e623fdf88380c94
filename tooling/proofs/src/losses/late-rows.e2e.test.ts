import { onPoint } from '@tidemark/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { secondSession, untilNextSecond, untilState } from './second-session.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline, expectFollowed } = sharedPipeline();

const WITHOUT_LOOKBACK: Asked = { plan: { lookbackSeconds: { '*': 0 } } };

let tables = 0;
let table = '';

beforeEach(() => {
  tables += 1;
  table = `claim_${tables}`;
});

/** Four rows of last year. */
async function createClaims(engine: 'InnoDB' | 'MyISAM'): Promise<void> {
  await pipeline().source.exec(
    `CREATE TABLE ${table} (ClaimNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40),
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=${engine};
     INSERT INTO ${table} VALUES (10, 'a', '2025-01-10 08:00:00'), (20, 'b', '2025-01-10 09:00:00'),
       (30, 'c', '2025-01-10 10:00:00'), (40, 'd', '2025-01-10 11:00:00')`,
  );
}

/** Characters that MySQL 5.6 allows in the name of a user. */
const MOST_NAME = 16;

describe('a row stamped before the read and committed after it', () => {
  // snapshot-cap.ts: the age of the oldest open transaction holds the watermark back, to the whole second
  test('InnoDB, where the user may see open transactions (PROCESS)', async () => {
    await createClaims('InnoDB');
    await pipeline().run(table, WITHOUT_LOOKBACK);
    await using workstation = await secondSession(pipeline().source);
    await workstation.query(`START TRANSACTION; UPDATE ${table} SET Note = 'late' WHERE ClaimNum = 10`);
    await untilNextSecond(pipeline().source);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'prompt' WHERE ClaimNum = 20`);
    await untilNextSecond(pipeline().source);
    await pipeline().run(table, WITHOUT_LOOKBACK);
    await workstation.query('COMMIT');
    await expectFollowed(table, WITHOUT_LOOKBACK);
  });

  // lookback.ts: ten minutes for a TIMESTAMP; open-session.ts: no PROCESS right is no error
  test('InnoDB, where he may not', async () => {
    await createClaims('InnoDB');
    const { endpoint } = pipeline().source;
    const reader = { ...endpoint, user: endpoint.database.slice(-MOST_NAME), password: 'reads-only' };
    await pipeline().source.exec(
      `CREATE USER '${reader.user}'@'%' IDENTIFIED BY '${reader.password}';
       GRANT SELECT ON \`${endpoint.database}\`.* TO '${reader.user}'@'%'`,
    );
    const asked: Asked = { source: reader };
    await pipeline().run(table, asked);
    await using workstation = await secondSession(pipeline().source);
    await workstation.query(
      `START TRANSACTION;
       UPDATE ${table} SET Note = 'late', DateTStamp = NOW() - INTERVAL 9 MINUTE WHERE ClaimNum = 10;
       INSERT INTO ${table} (ClaimNum, Note, DateTStamp) VALUES (5, 'late', NOW() - INTERVAL 9 MINUTE)`,
    );
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'prompt' WHERE ClaimNum = 20`);
    await pipeline().run(table, asked);
    await workstation.query('COMMIT');
    const { load } = await expectFollowed(table, asked);
    expect(load.counts).toMatchObject({ rowsInserted: 1, rowsUpdated: 1 });
    await pipeline().source.exec(`DROP USER '${reader.user}'@'%'`);
  });

  // lookback.ts. An update of ordinary priority would make the read wait for it.
  test('MyISAM: an update of low priority that waited for the table lock', async () => {
    await createClaims('MyISAM');
    await pipeline().run(table);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'prompt' WHERE ClaimNum = 20`);
    await using report = await secondSession(pipeline().source);
    await report.query(`LOCK TABLES ${table} READ`);
    await using workstation = await secondSession(pipeline().source);
    await workstation.query('SET timestamp = UNIX_TIMESTAMP() - 300');
    const waiting = workstation.query(`UPDATE LOW_PRIORITY ${table} SET Note = 'late' WHERE ClaimNum = 10`);
    await untilState(pipeline().source, 'Waiting for table%lock');
    await pipeline().run(table);
    await report.query('UNLOCK TABLES');
    await waiting;
    await expectFollowed(table);
  });
});

describe('MyISAM rows inserted during the read', () => {
  // observe-column.ts (a value later than the snapshot does not count) and snapshot-cap.ts: each alone is enough
  test('behind the reader and ahead of it', async () => {
    await createClaims('MyISAM');
    const chunks: Asked = { ...WITHOUT_LOOKBACK, copy: { batchRows: 2 } };
    {
      using reading = onPoint('copy.after-chunk-commit', table, async () => {
        if (reading.visits() > 1) return;
        await pipeline().source.exec(
          `INSERT INTO ${table} VALUES (5, 'behind', NOW());
           INSERT INTO ${table} VALUES (50, 'ahead', NOW() + INTERVAL 3 SECOND)`,
        );
      });
      await pipeline().run(table, chunks);
      expect(reading.visits()).toBeGreaterThan(1);
    }
    expect((await pipeline().replica.query(`SELECT ClaimNum FROM ${table}`)).length).toBe(5);
    await expectFollowed(table, chunks);
    expect((await pipeline().replica.query(`SELECT ClaimNum FROM ${table}`)).length).toBe(6);
  });

  // copy-table.ts: the clock is read before the first row, and after nothing
  test('between the last row read and the commit', async () => {
    await createClaims('MyISAM');
    await pipeline().run(table, WITHOUT_LOOKBACK);
    {
      using _staged = onPoint('copy.staged', table, () =>
        pipeline().source.exec(
          `UPDATE ${table} SET Note = 'just after' WHERE ClaimNum = 10; INSERT INTO ${table} (Note) VALUES ('new')`,
        ),
      );
      await pipeline().source.exec(`UPDATE ${table} SET Note = 'before' WHERE ClaimNum = 20`);
      await pipeline().run(table, WITHOUT_LOOKBACK);
    }
    await expectFollowed(table, WITHOUT_LOOKBACK);
  });
});

// plan-load.ts: rows are loaded by the copy sequence, not by their stamps
test('a row that reaches the replica late, with an old stamp, after the warehouse has loaded newer ones', async () => {
  await createClaims('MyISAM');
  await pipeline().run(table);
  await pipeline().source.exec(`UPDATE ${table} SET Note = 'newer' WHERE ClaimNum = 40`);
  await expectFollowed(table);
  await pipeline().source.exec(
    `UPDATE ${table} SET Note = 'restored', DateTStamp = '2019-05-01 08:00:00' WHERE ClaimNum = 10;
     INSERT INTO ${table} VALUES (1, 'from another site', '2018-05-01 08:00:00')`,
  );
  await pipeline().copy(table, { plan: { strategy: 'digest' } });
  const { counts, strategy } = await pipeline().load(table);
  expect(strategy).toBe('incremental');
  expect(counts).toMatchObject({ rowsRead: 2, rowsInserted: 1, rowsUpdated: 1 });
  await pipeline().expectEqual(table);
});

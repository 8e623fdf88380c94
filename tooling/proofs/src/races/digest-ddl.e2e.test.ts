import type { SourceThrottle } from '@tidemark/mysql';
import { copyTable } from '@tidemark/replicator';
import { numbers } from '@tidemark/testkit';
import { describe, expect, test } from 'vitest';

import { untilNextSecond } from '../losses/second-session.ts';
import { sharedPipeline } from '../losses/shared-pipeline.ts';
import { copyInput, type Asked } from '../pipeline.ts';
import { verify } from '../verify/verify.ts';
import { outcomeOf } from './outcome-of.ts';

// The source's table changes between two statements of a digest: those that compare ranges, and those that read rows.

const { pipeline } = sharedPipeline();

const ROWS = 120;
const COLUMNS = `Num bigint NOT NULL PRIMARY KEY, Given varchar(40) NOT NULL, Family varchar(40) NOT NULL, Pages smallint NOT NULL`;
const CHANGED = 'TABLE_CHANGED_DURING_RUN';
const DIGEST: Asked = { plan: { strategy: 'digest' } };

interface Act {
  readonly act: string;
  /** `t` stands for the table, `t_other` for one with the same columns in another order and other rows. */
  readonly sql: string;
  /** How the run ends that is under way. */
  readonly code: string | null;
  /** What the next run says; where it says something, a full refresh mends it. */
  readonly next?: string;
}

const ACTS: readonly Act[] = [
  {
    act: 'two columns exchange their names',
    sql: 'ALTER TABLE t CHANGE Given Family varchar(40) NOT NULL, CHANGE Family Given varchar(40) NOT NULL',
    code: null,
  },
  {
    act: 'a column is added and filled',
    sql: 'ALTER TABLE t ADD COLUMN Room int NOT NULL DEFAULT 5; UPDATE t SET Room = Num',
    code: null,
  },
  { act: 'a column is dropped', sql: 'ALTER TABLE t DROP COLUMN Family', code: CHANGED, next: 'SCHEMA_INCOMPATIBLE' },
  {
    act: 'a column is dropped and another takes its name',
    sql: `ALTER TABLE t DROP COLUMN Family, ADD COLUMN Family varchar(40) NOT NULL DEFAULT 'fresh'`,
    code: null,
  },
  {
    act: 'a column gets values that the replica would round',
    sql: 'ALTER TABLE t MODIFY Pages decimal(8,3) NOT NULL; UPDATE t SET Pages = Num + 0.125',
    code: CHANGED,
    next: 'SCHEMA_INCOMPATIBLE',
  },
  {
    act: 'a column takes NULL',
    sql: 'ALTER TABLE t MODIFY Pages smallint NULL; UPDATE t SET Pages = NULL WHERE Num % 2 = 0',
    code: CHANGED,
  },
  { act: 'the table is exchanged with another', sql: 'RENAME TABLE t TO t_away, t_other TO t', code: null },
  {
    act: 'the table is made anew, and half full',
    sql: `DROP TABLE t; CREATE TABLE t (${COLUMNS}) ENGINE=MyISAM;
      INSERT INTO t SELECT seq, 'anew', 'anew', 1 FROM ${numbers(1, ROWS / 2)}`,
    code: null,
  },
  { act: 'the table is emptied', sql: 'TRUNCATE TABLE t', code: null, next: 'DELETE_CAP' },
];

let tables = 0;

/** Copied and loaded, and then some rows changed that a digest must find. */
async function createForms(): Promise<string> {
  tables += 1;
  const table = `form_${tables}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (${COLUMNS}) ENGINE=MyISAM;
     INSERT INTO ${table} SELECT seq, CONCAT('given ', seq), CONCAT('family ', seq), seq FROM ${numbers(1, ROWS)};
     CREATE TABLE ${table}_other (Num bigint NOT NULL PRIMARY KEY, Pages smallint NOT NULL, Family varchar(40) NOT NULL,
       Given varchar(40) NOT NULL) ENGINE=InnoDB;
     INSERT INTO ${table}_other SELECT seq, seq + 1, 'other family', 'other given' FROM ${numbers(1, ROWS + 10)}`,
  );
  await pipeline().run(table, DIGEST);
  await untilNextSecond(pipeline().source);
  await pipeline().source.exec(`UPDATE ${table} SET Given = CONCAT(Given, '!') WHERE Num IN (3, 30, 31, 32, 110)`);
  return table;
}

/** Ranges of 25 rows, and something done before the n-th statement that reads rows. */
function beforeStatement(turn: number, act: () => Promise<void>): SourceThrottle {
  let turns = 0;
  return {
    mostRows: 25,
    took: () => {},
    ready: async () => {
      turns += 1;
      if (turns === turn) await act();
    },
  };
}

/** The fourth compares a range or its rows; the ninth names rows or reads them. */
describe.each([4, 9])('before statement %i of a digest', (turn) => {
  test.each(ACTS)('$act', async ({ sql, code, next }) => {
    const table = await createForms();
    const change = (): Promise<void> => pipeline().source.exec(sql.replaceAll(/\bt(?=\b|_)/g, table));
    const { source, replica } = pipeline();
    const deps = {
      source: source.endpoint,
      replica: replica.endpoint,
      tracking: pipeline().copyTracking,
      throttle: beforeStatement(turn, change),
    };
    expect((await outcomeOf(copyTable(deps, copyInput(table, DIGEST)))).code).toBe(code);
    await pipeline().load(table, DIGEST);
    expect((await outcomeOf(pipeline().run(table, DIGEST))).code).toBe(next ?? null);
    if (next !== undefined) await pipeline().run(table, { ...DIGEST, fullRefresh: true, allowDeletes: true });
    await pipeline().expectEqual(table);
    expect((await verify(pipeline(), table, DIGEST)).verification).toMatchObject({ verdict: 'match' });
  });
});

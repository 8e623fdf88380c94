import type { TestDatabase } from '@tidemark/testkit';

import type { Pipeline } from '../pipeline.ts';
import { TABLES } from './tables.ts';

export interface Scenario {
  readonly title: string;
  /** What a reader of the matrix must know of it. */
  readonly says: string;
  /** What was there before the run that is killed, beside the source's tables. */
  prepare(pipeline: Pipeline): Promise<void>;
  /** What changes in the source before the run that is killed. */
  readonly changes: readonly string[];
  /** The command that is killed. */
  readonly killed: readonly string[];
  /** The command after it. */
  readonly next: readonly string[];
  /** Column that the source has gained or lost by the changes. */
  readonly gains?: Readonly<Record<string, string>>;
  readonly loses?: Readonly<Record<string, string>>;
  /** The killed run meets a fault here, or the run before it was killed here; then only these points are of interest. */
  readonly preceded?: {
    readonly by: 'fault' | 'kill';
    readonly at: readonly string[];
    readonly points: readonly string[];
  };
}

const RUN = ['run', '--json'];
const REFRESH = ['run', '--full-refresh', '--json'];

const NEW_AND_CHANGED = [
  `INSERT INTO visit VALUES (51, 357, 'visit 51', '2026-03-02 08:00:00'), (52, 364, NULL, '2026-03-02 08:00:00')`,
  `UPDATE visit SET Note = 'seen again', DateTStamp = '2026-03-02 08:01:00' WHERE VisitNum IN (3, 33)`,
  `INSERT INTO carrier VALUES ('east', 31, NULL, 31.5)`,
  `UPDATE carrier SET Fee = Fee + 1 WHERE CarrierNum IN (4, 5)`,
  `INSERT INTO setting VALUES ('setting 13', 'value 13')`,
  `UPDATE setting SET SettingValue = 'other' WHERE SettingName = 'setting 02'`,
  `INSERT INTO claim VALUES (41, 41.10, 'W', '2026-03-02 08:00:00', '2026-03-02')`,
  `UPDATE claim SET Status = 'S', SecDateTEdit = '2026-03-02 08:01:00' WHERE ClaimNum IN (2, 12)`,
  // Seen by the digest only.
  `UPDATE claim SET Amount = 0 WHERE ClaimNum = 22`,
];

const DELETED = [
  `UPDATE visit SET Note = NULL, DateTStamp = '2026-03-02 08:01:00' WHERE VisitNum IN (4, 44)`,
  `DELETE FROM carrier WHERE CarrierNum IN (1, 2, 29)`,
  `DELETE FROM setting WHERE SettingName IN ('setting 01', 'setting 07')`,
  `DELETE FROM claim WHERE ClaimNum IN (1, 20, 40)`,
];

const GAINS = { visit: 'Room', carrier: 'Phone', setting: 'Comment', claim: 'Paid' };
const LOSES = { visit: 'Note', carrier: 'CarrierName', setting: 'SettingValue', claim: 'Amount' };

const ADDED_COLUMN = [
  `ALTER TABLE visit ADD COLUMN Room smallint NOT NULL DEFAULT 5`,
  `ALTER TABLE carrier ADD COLUMN Phone varchar(30) NULL`,
  `ALTER TABLE setting ADD COLUMN Comment text NULL`,
  `ALTER TABLE claim ADD COLUMN Paid decimal(8,2) NULL`,
  `UPDATE visit SET Room = 7, DateTStamp = DateTStamp WHERE VisitNum < 10`,
  `UPDATE carrier SET Phone = '555' WHERE Region = 'north'`,
  `UPDATE setting SET Comment = 'new' WHERE SettingName < 'setting 05'`,
  `UPDATE claim SET Paid = 1.5 WHERE ClaimNum > 30`,
];

const DROPPED_COLUMN = Object.entries(LOSES).map(([table, column]) => `ALTER TABLE ${table} DROP COLUMN ${column}`);

const FAULTS = ['copy.before-failure-recorded', 'copy.failure-recorded'];
const LOAD_FAULTS = ['load.before-failure-recorded', 'load.failure-recorded'];
const LEFT = ['copy.interruption-found', 'copy.interruption-recorded'];
const LOAD_LEFT = ['load.interruption-found', 'load.interruption-recorded'];

/** In the order of the matrix' columns. */
export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'first copy',
    says: 'Nothing was there; the tables are copied in chunks.',
    prepare: async () => {},
    changes: [],
    killed: RUN,
    next: RUN,
  },
  {
    title: 'new and changed rows',
    says: 'Rows were inserted and updated since the last run, one of them without moving a stamp.',
    prepare: runAll,
    changes: NEW_AND_CHANGED,
    killed: RUN,
    next: RUN,
  },
  {
    title: 'deleted rows',
    says: 'Rows were deleted since the last run; digests and full reads find them.',
    prepare: runAll,
    changes: DELETED,
    killed: RUN,
    next: RUN,
  },
  {
    title: 'full refresh',
    says: 'All of the above, and the killed run was `run --full-refresh`; the next one is a plain `run`.',
    prepare: runAll,
    changes: [...NEW_AND_CHANGED, ...DELETED],
    killed: REFRESH,
    next: RUN,
  },
  {
    title: 'added column',
    says: 'Every source table has a new column with values in it; no stamp moved.',
    prepare: runAll,
    changes: ADDED_COLUMN,
    killed: RUN,
    next: RUN,
    gains: GAINS,
  },
  {
    title: 'dropped column',
    says: 'Every source table lost a column, which `run --full-refresh` follows by building the replica table anew; the next run is the same command.',
    prepare: runAll,
    changes: DROPPED_COLUMN,
    killed: REFRESH,
    next: REFRESH,
    loses: LOSES,
  },
  {
    title: 'taken over',
    says: 'Replica (MyISAM, no sequence) and raw (no key) hold older rows that another program copied.',
    prepare: takeOver,
    changes: NEW_AND_CHANGED,
    killed: RUN,
    next: RUN,
  },
  {
    title: 'failing run',
    says: 'The run fails at this table, and is killed around writing that down.',
    prepare: runAll,
    changes: NEW_AND_CHANGED,
    killed: RUN,
    next: RUN,
    preceded: { by: 'fault', at: ['copy.staged', 'load.staged'], points: [...FAULTS, ...LOAD_FAULTS] },
  },
  {
    title: 'run after a killed one',
    says: 'An earlier run was killed at this table, and this one is killed around ending its history entry.',
    prepare: runAll,
    changes: NEW_AND_CHANGED,
    killed: RUN,
    next: RUN,
    preceded: { by: 'kill', at: ['copy.staged', 'load.staged'], points: [...LEFT, ...LOAD_LEFT] },
  },
];

/** The source as it is before anything. */
export async function createSource(source: TestDatabase): Promise<void> {
  await source.exec(TABLES.flatMap((table) => [table.create, ...table.rows]).join(';'));
}

export async function runAll(pipeline: Pipeline): Promise<void> {
  for (const { name, asked } of TABLES) await pipeline.run(name, asked);
}

/** Tables as a program makes them that replays SHOW CREATE TABLE and lets a data frame library create the rest. */
async function takeOver({ replica, warehouse }: Pipeline): Promise<void> {
  const older = TABLES.flatMap((table) => [
    table.create.replace(/ENGINE=\w+$/, 'ENGINE=MyISAM'),
    ...table.rows.slice(0, -2),
  ]);
  await replica.exec(older.join(';'));
  await warehouse.exec(`
    CREATE TABLE raw.visit ("VisitNum" bigint, "PatNum" bigint, "Note" text, "DateTStamp" timestamptz);
    INSERT INTO raw.visit VALUES (1, 7, 'visit 1', '2026-03-01 08:01:00Z'), (2, 1, 'stale', '2020-01-01 00:00:00Z');
    CREATE TABLE raw.carrier ("Region" text, "CarrierNum" integer, "CarrierName" text, "Fee" double precision);
    INSERT INTO raw.carrier VALUES ('south', 1, 'stale', 0);
    CREATE TABLE raw.setting ("SettingName" text, "SettingValue" text);
    INSERT INTO raw.setting VALUES ('setting 01', 'stale');
    CREATE TABLE raw.claim ("ClaimNum" numeric(20), "Amount" numeric(10,2), "Status" text, "SecDateTEdit" timestamp,
      "DateEntry" date);
    INSERT INTO raw.claim VALUES (1, 0, 'X', NULL, '2026-02-02')`);
}

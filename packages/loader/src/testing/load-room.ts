import type { PlanSettings } from '@tidemark/incremental';
import {
  createMysqlDatabase,
  createPostgresDatabase,
  testServers,
  type MysqlServer,
  type Row,
  type TestDatabase,
} from '@tidemark/testkit';
import {
  openCopyTracking,
  openLoadTracking,
  type HopState,
  type LoadTracking,
  type TableResult,
} from '@tidemark/tracking';

import { loadTable } from '../load-table.ts';
import type { LoadDeps, LoadInput } from '../types.ts';

type Overrides = Partial<Omit<LoadInput, 'settings'>> & {
  readonly settings?: Partial<LoadInput['settings']>;
  readonly deps?: Partial<LoadDeps>;
};

export interface CopyRecord {
  readonly sequence: number | null;
  readonly rows?: number;
  readonly watermarks?: Readonly<Record<string, string>>;
  readonly sourceAsOf?: string;
  readonly resume?: string | null;
}

/** A replica and a warehouse of one test, with tracking tables, and the copy hop played by SQL. */
export interface LoadRoom extends AsyncDisposable {
  readonly replica: TestDatabase;
  readonly warehouse: TestDatabase;
  readonly tracking: LoadTracking;
  load(table: string, overrides?: Overrides): Promise<TableResult>;
  /** Writes the record that a successful copy leaves. */
  copied(table: string, record: CopyRecord): Promise<void>;
  /** Writes a tombstone as the copy hop does. */
  bury(table: string, sequence: number, key: readonly string[]): Promise<void>;
  state(table: string): Promise<HopState | null>;
  /** All rows of a raw table in text form, ordered by their first column. */
  rawRows(table: string, columns?: string): Promise<Row[]>;
}

export const NO_PLAN: PlanSettings = {
  strategy: null,
  incrementalColumns: null,
  incrementalLogic: 'or',
  columnQuality: 'keep',
  lookbackSeconds: {},
  fullTableBelowRows: 0,
};

export async function openLoadRoom(other: { readonly replica?: MysqlServer } = {}): Promise<LoadRoom> {
  const servers = { ...testServers(), ...other };
  const replica = await createMysqlDatabase(servers.replica, 'loader');
  const warehouse = await createPostgresDatabase(servers.warehouse, 'loader');
  const copyTracking = await openCopyTracking(replica.endpoint);
  await copyTracking.migrate();
  await copyTracking.close();
  const tracking = await openLoadTracking(warehouse.endpoint);
  await tracking.migrate();
  // As the copy hop's sessions: a key of 0 stays 0, zero dates go in.
  await replica.exec("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone = '+00:00'");
  let runs = 0;
  return {
    replica,
    warehouse,
    tracking,
    load: (table, { deps, settings, ...input } = {}) => {
      runs += 1;
      return loadTable(
        { replica: replica.endpoint, tracking, ...deps },
        {
          table,
          runId: `run-${runs}`,
          fullRefresh: false,
          allowDeletes: false,
          ...input,
          settings: { plan: NO_PLAN, primaryKey: null, deletes: 'remove', timeColumnZone: null, ...settings },
        },
      );
    },
    copied: (table, record) => writeCopyRecord(replica, table, record),
    bury: async (table, sequence, key) => {
      await replica.query('INSERT INTO etl_tombstone (table_name, copy_sequence, row_key) VALUES (?, ?, ?)', [
        table,
        sequence,
        JSON.stringify(key),
      ]);
    },
    state: (table) => tracking.state(table),
    rawRows: (table, columns = '*') => warehouse.query(`SELECT ${columns} FROM raw."${table}" ORDER BY 1`),
    [Symbol.asyncDispose]: async () => {
      await tracking.close();
      await warehouse[Symbol.asyncDispose]();
      await replica[Symbol.asyncDispose]();
    },
  };
}

async function writeCopyRecord(replica: TestDatabase, table: string, record: CopyRecord): Promise<void> {
  const { sequence, rows = 0, watermarks = {}, sourceAsOf = '2026-07-28 12:00:00.123456', resume = null } = record;
  await replica.query(
    `INSERT INTO etl_copy_status
       (table_name, copy_status, strategy, copy_sequence, rows_copied, watermarks, highest_key, source_as_of, resume_point)
     VALUES (?, 'success', 'incremental', ?, ?, ?, '7', ?, ?)
     ON DUPLICATE KEY UPDATE copy_sequence = VALUES(copy_sequence), rows_copied = VALUES(rows_copied),
       watermarks = VALUES(watermarks), source_as_of = VALUES(source_as_of), resume_point = VALUES(resume_point)`,
    [table, sequence, rows, JSON.stringify(watermarks), sourceAsOf, resume],
  );
}

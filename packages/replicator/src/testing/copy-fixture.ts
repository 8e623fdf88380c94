import { createMysqlDatabase, testServers, type MysqlServer, type TestDatabase } from '@tidemark/testkit';
import { openCopyTracking, type CopyTracking, type HopState, type TableResult } from '@tidemark/tracking';

import { copyTable, type CopyInput, type CopySettings } from '../index.ts';

export const SETTINGS: CopySettings = {
  plan: {
    strategy: null,
    incrementalColumns: null,
    incrementalLogic: 'or',
    columnQuality: 'keep',
    lookbackSeconds: {},
    fullTableBelowRows: 5_000,
  },
  primaryKey: null,
  batchRows: null,
  deletes: 'remove',
  digestEverySeconds: null,
  timeColumnZone: null,
};

export interface Asked extends Partial<Omit<CopyInput, 'settings'>> {
  readonly settings?: Partial<Omit<CopySettings, 'plan'>> & { readonly plan?: Partial<CopySettings['plan']> };
}

/** A source and a replica database on two servers, migrated, and the copy hop between them. */
export interface CopyFixture extends AsyncDisposable {
  readonly source: TestDatabase;
  readonly replica: TestDatabase;
  readonly tracking: CopyTracking;
  copy(table: string, asked?: Asked): Promise<TableResult>;
  state(table: string): Promise<HopState>;
  /** All rows of a table on both sides, as text, sorted. */
  both(table: string): Promise<{ source: string[]; replica: string[] }>;
}

export async function copyFixture(
  on: { replicaServer?: MysqlServer; sourceServer?: MysqlServer } = {},
): Promise<CopyFixture> {
  const servers = testServers();
  const source = await createMysqlDatabase(on.sourceServer ?? servers.source);
  const replica = await createMysqlDatabase(on.replicaServer ?? servers.replica);
  const tracking = await openCopyTracking(replica.endpoint);
  await tracking.migrate();
  await source.exec(`SET SESSION sql_mode = '', time_zone = '+00:00'`);
  await replica.exec(`SET SESSION sql_mode = '', time_zone = '+00:00'`);
  const deps = { source: source.endpoint, replica: replica.endpoint, tracking };
  return {
    source,
    replica,
    tracking,
    copy: (table, asked = {}) => {
      const { settings = {}, ...input } = asked;
      const plan = { ...SETTINGS.plan, ...settings.plan };
      return copyTable(deps, {
        table,
        runId: crypto.randomUUID(),
        fullRefresh: false,
        allowDeletes: false,
        ...input,
        settings: { ...SETTINGS, ...settings, plan },
      });
    },
    state: async (table) => {
      const state = await tracking.state(table);
      if (!state) throw new Error('the table has no tracking record');
      return state;
    },
    both: async (table) => ({ source: await rowsOf(source, table), replica: await rowsOf(replica, table) }),
    [Symbol.asyncDispose]: async () => {
      await tracking.close();
      await source[Symbol.asyncDispose]();
      await replica[Symbol.asyncDispose]();
    },
  };
}

/** Plain SELECT of everything a `SELECT *` shows; FLOAT widened and binary in hexadecimal, so that nothing is rounded. */
async function rowsOf(database: TestDatabase, table: string): Promise<string[]> {
  const quoted = `\`${table.replaceAll('`', '``')}\``;
  const columns = await database.query<{ name: string; type: string }>(
    `SELECT COLUMN_NAME AS name, LOWER(DATA_TYPE) AS type FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND EXTRA NOT LIKE '%INVISIBLE%' ORDER BY COLUMN_NAME`,
    [table],
  );
  const list = columns.map(({ name, type }) => {
    const column = `\`${name.replaceAll('`', '``')}\``;
    return type === 'float'
      ? `CAST(${column} + 0e0 AS CHAR)`
      : `HEX(CAST(${column} AS ${/int|decimal|double|bit/.test(type) ? 'CHAR' : 'BINARY'}))`;
  });
  const rows = await database.query<Record<string, unknown>>(
    `SELECT ${list.map((expression, index) => `${expression} AS c${index}`).join(', ')} FROM ${quoted}`,
  );
  return rows.map((row) => JSON.stringify(Object.values(row))).toSorted();
}

import { loadTable, type LoadInput, type LoadSettings } from '@tidemark/loader';
import { copyTable, type CopyDeps, type CopyInput, type CopySettings } from '@tidemark/replicator';
import {
  compareDatabases,
  createMysqlDatabase,
  createPostgresDatabase,
  testServers,
  type MysqlServer,
  type PostgresServer,
  type TestDatabase,
} from '@tidemark/testkit';
import {
  openCopyTracking,
  openLoadTracking,
  type CopyTracking,
  type HopState,
  type LoadTracking,
  type TableResult,
} from '@tidemark/tracking';
import { expect } from 'vitest';

const SCHEMA = 'raw';

const COPY: CopySettings = {
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

/** What a test asks of a run beyond the defaults. */
export interface Asked {
  readonly plan?: Partial<CopySettings['plan']>;
  readonly copy?: Partial<Omit<CopySettings, 'plan'>>;
  readonly load?: Partial<Omit<LoadSettings, 'plan'>>;
  readonly fullRefresh?: boolean;
  readonly allowDeletes?: boolean;
  readonly signal?: AbortSignal;
  /** The source as somebody else reaches it: a user with fewer rights. */
  readonly source?: CopyDeps['source'];
}

/** Three databases on three servers in three time zones, migrated, and both hops between them. */
export interface Pipeline extends AsyncDisposable {
  readonly source: TestDatabase;
  readonly replica: TestDatabase;
  readonly warehouse: TestDatabase;
  readonly copyTracking: CopyTracking;
  readonly loadTracking: LoadTracking;
  /** The connections as the command reads them from its environment. */
  readonly environment: Readonly<Record<string, string>>;
  copy(table: string, asked?: Asked): Promise<TableResult>;
  load(table: string, asked?: Asked): Promise<TableResult>;
  /** Copy, then load. */
  run(table: string, asked?: Asked): Promise<{ copy: TableResult; load: TableResult }>;
  /** Fails unless every value of the tables is the same in all three databases, read plainly. */
  expectEqual(...tables: readonly string[]): Promise<void>;
  states(table: string): Promise<{ copy: HopState | null; load: HopState | null }>;
}

export interface PipelineServers {
  readonly source?: MysqlServer;
  readonly replica?: MysqlServer;
  readonly warehouse?: PostgresServer;
}

export async function openPipeline(servers: PipelineServers = {}): Promise<Pipeline> {
  const usual = testServers();
  const source = await createMysqlDatabase(servers.source ?? usual.source);
  const replica = await createMysqlDatabase(servers.replica ?? usual.replica);
  const warehouse = await createPostgresDatabase(servers.warehouse ?? usual.warehouse);
  const copyTracking = await openCopyTracking(replica.endpoint);
  const loadTracking = await openLoadTracking(warehouse.endpoint, { schema: SCHEMA });
  await copyTracking.migrate();
  await loadTracking.migrate();
  await source.exec(`SET SESSION sql_mode = ''`);
  await replica.exec(`SET SESSION sql_mode = '', time_zone = '+00:00'`);
  const pipeline: Omit<Pipeline, 'run' | typeof Symbol.asyncDispose> = {
    source,
    replica,
    warehouse,
    copyTracking,
    loadTracking,
    environment: {
      ...variables('OPENDENTAL_SOURCE', source),
      ...variables('MYSQL_REPLICATION', replica),
      ...variables('POSTGRES_ANALYTICS', warehouse),
      POSTGRES_ANALYTICS_SCHEMA: SCHEMA,
    },
    copy: (table, asked = {}) =>
      copyTable(
        {
          source: asked.source ?? source.endpoint,
          replica: replica.endpoint,
          tracking: copyTracking,
          signal: asked.signal,
        },
        copyInput(table, asked),
      ),
    load: (table, asked = {}) =>
      loadTable({ replica: replica.endpoint, tracking: loadTracking, signal: asked.signal }, loadInput(table, asked)),
    expectEqual: async (...tables) => {
      const compared = await compareDatabases({
        source: source.endpoint,
        replica: replica.endpoint,
        warehouse: warehouse.endpoint,
        schema: SCHEMA,
        tables,
      });
      expect(compared.filter((table) => !table.equal)).toEqual([]);
    },
    states: async (table) => ({ copy: await copyTracking.state(table), load: await loadTracking.state(table) }),
  };
  return {
    ...pipeline,
    run: async (table, asked) => ({
      copy: await pipeline.copy(table, asked),
      load: await pipeline.load(table, asked),
    }),
    [Symbol.asyncDispose]: async () => {
      await copyTracking.close();
      await loadTracking.close();
      await Promise.all([source, replica, warehouse].map((database) => database[Symbol.asyncDispose]()));
    },
  };
}

/** A request to copy, with the settings of these tests where not asked otherwise. */
export function copyInput(table: string, asked: Asked): CopyInput {
  return {
    table,
    runId: crypto.randomUUID(),
    fullRefresh: asked.fullRefresh ?? false,
    allowDeletes: asked.allowDeletes ?? false,
    settings: { ...COPY, ...asked.copy, plan: { ...COPY.plan, ...asked.plan } },
  };
}

export function loadInput(table: string, asked: Asked): LoadInput {
  return {
    table,
    runId: crypto.randomUUID(),
    fullRefresh: asked.fullRefresh ?? false,
    allowDeletes: asked.allowDeletes ?? false,
    settings: {
      primaryKey: asked.copy?.primaryKey ?? null,
      deletes: 'remove',
      timeColumnZone: asked.copy?.timeColumnZone ?? null,
      ...asked.load,
      plan: { ...COPY.plan, ...asked.plan },
    },
  };
}

function variables(prefix: string, { endpoint }: TestDatabase): Record<string, string> {
  return {
    [`${prefix}_HOST`]: endpoint.host,
    [`${prefix}_PORT`]: String(endpoint.port),
    [`${prefix}_USER`]: endpoint.user,
    [`${prefix}_PASSWORD`]: endpoint.password,
    [`${prefix}_DB`]: endpoint.database,
  };
}

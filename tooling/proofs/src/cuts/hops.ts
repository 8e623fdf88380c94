import { loadTable } from '@tidemark/loader';
import { copyTable } from '@tidemark/replicator';
import type { DatabaseEndpoint } from '@tidemark/testkit';
import { openCopyTracking, openLoadTracking, type TableResult } from '@tidemark/tracking';

import { copyInput, loadInput, type Asked, type Pipeline } from '../pipeline.ts';

/** A pipeline's hops as they see the databases: through a proxy, or as another user. One attempt each, no retries. */
export interface Hops extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  copy(table: string, asked?: Asked): Promise<TableResult>;
  load(table: string, asked?: Asked): Promise<TableResult>;
  run(table: string, asked?: Asked): Promise<void>;
}

export type Side = 'source' | 'replica' | 'warehouse';

/** How the three databases are seen, where it is not as they are. */
export type Seen = Partial<Record<Side, Partial<DatabaseEndpoint>>>;

/** Milliseconds; the real ones are two minutes and ten seconds. */
const STALL_TIMEOUT_MS = 2000;
const CONNECT_TIMEOUT_MS = 3000;

export async function openHops(pipeline: Pipeline, seen: Seen = {}): Promise<Hops> {
  const source = { ...pipeline.source.endpoint, ...seen.source };
  const replica = { ...pipeline.replica.endpoint, ...seen.replica };
  const warehouse = { ...pipeline.warehouse.endpoint, ...seen.warehouse };
  const options = { stallTimeoutMs: STALL_TIMEOUT_MS, connectTimeoutMs: CONNECT_TIMEOUT_MS, poolSize: 3 };
  const copyTracking = await openCopyTracking(replica, options);
  const loadTracking = await openLoadTracking(warehouse, { ...options, schema: pipeline.loadTracking.schema });
  const deps = { replica, stallTimeoutMs: STALL_TIMEOUT_MS };
  const copy: Hops['copy'] = (table, asked = {}) =>
    copyTable({ ...deps, source, tracking: copyTracking, signal: asked.signal }, copyInput(table, asked));
  const load: Hops['load'] = (table, asked = {}) =>
    loadTable({ ...deps, tracking: loadTracking, signal: asked.signal }, loadInput(table, asked));
  return {
    environment: {
      ...pipeline.environment,
      ...variables('OPENDENTAL_SOURCE', source),
      ...variables('MYSQL_REPLICATION', replica),
      ...variables('POSTGRES_ANALYTICS', warehouse),
    },
    copy,
    load,
    run: async (table, asked) => {
      await copy(table, asked);
      await load(table, asked);
    },
    [Symbol.asyncDispose]: async () => {
      await copyTracking.close();
      await loadTracking.close();
    },
  };
}

function variables(prefix: string, { host, port, user, password }: DatabaseEndpoint): Record<string, string> {
  return {
    [`${prefix}_HOST`]: host,
    [`${prefix}_PORT`]: String(port),
    [`${prefix}_USER`]: user,
    [`${prefix}_PASSWORD`]: password,
  };
}

import { readConnections, type ConnectionName } from '@tidemark/config';
import type { LoadDeps } from '@tidemark/loader';
import { openMysqlSession, readClock, type MysqlEndpoint, type SessionOptions } from '@tidemark/mysql';
import type { CopyDeps } from '@tidemark/replicator';
import { openCopyTracking, openLoadTracking, type HopState } from '@tidemark/tracking';

import type { Setup } from '../settings/set-up.ts';
import { addVanished } from '../tables/add-vanished.ts';
import { listTables, type ListedTable } from '../tables/list-tables.ts';
import type { RunHop } from './outcome.ts';

/** The databases that a run works with, all of them known to answer before the first table is begun. */
export interface OpenedRun extends AsyncDisposable {
  /** Null where the hop is not to be done. */
  readonly copy: Pick<CopyDeps, 'source' | 'replica' | 'tracking' | 'stallTimeoutMs'> | null;
  readonly load: Pick<LoadDeps, 'replica' | 'tracking' | 'stallTimeoutMs'> | null;
  /** Base tables of the database that the first hop reads, and those that it was copied from and lacks now. */
  readonly listed: readonly ListedTable[];
  /** The wall clock of that database's server, just now. */
  readonly sourceWall: string;
  /** Records of the hops that are to be done. */
  readonly states: readonly HopState[];
}

const NEEDS: Readonly<Record<RunHop, readonly ConnectionName[]>> = {
  copy: ['source', 'replica'],
  load: ['replica', 'warehouse'],
};

/** Connections of a pool beside those of its sessions. */
const SPARE = 1;

/**
 * Connects to every server that the hops need and requires their tracking tables to be current, so that what would stop
 * all tables alike is said once, and before anything was done.
 *
 * @throws TidemarkError
 */
export async function openRun({ environment, settings }: Setup, hops: readonly RunHop[]): Promise<OpenedRun> {
  const needed = new Set(hops.flatMap((hop) => NEEDS[hop]));
  const { source, replica, warehouse } = readConnections(environment, [...needed]);
  const stallTimeoutMs = settings.stallSeconds.value * 1000;
  const pool = { poolSize: settings.jobs.value + SPARE, stallTimeoutMs };
  await using opening = new AsyncDisposableStack();
  const { listed, sourceWall } = hops.includes('copy')
    ? await listOf(source, { where: 'source', stallTimeoutMs })
    : await listOf(replica, { where: 'replica', stallTimeoutMs });
  const copy = hops.includes('copy')
    ? { source, replica, stallTimeoutMs, tracking: await openCopyTracking(replica, pool) }
    : null;
  if (copy) opening.defer(() => copy.tracking.close());
  const load = hops.includes('load')
    ? { replica, stallTimeoutMs, tracking: await openLoadTracking(warehouse, { ...pool, schema: warehouse.schema }) }
    : null;
  if (load) opening.defer(() => load.tracking.close());
  await copy?.tracking.requireCurrent();
  await load?.tracking.requireCurrent();
  const copied = (await copy?.tracking.states()) ?? [];
  const states = [...copied, ...((await load?.tracking.states()) ?? [])];
  const opened = opening.move();
  return {
    copy,
    load,
    listed: addVanished(listed, copied),
    sourceWall,
    states,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function listOf(
  endpoint: MysqlEndpoint,
  options: SessionOptions,
): Promise<Pick<OpenedRun, 'listed' | 'sourceWall'>> {
  const session = await openMysqlSession(endpoint, options);
  try {
    const { wall } = await readClock(session);
    return { listed: await listTables(session), sourceWall: wall };
  } finally {
    await session.close();
  }
}

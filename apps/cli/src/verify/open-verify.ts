import type { Setup } from '@tidemark/command-line';
import { addVanished, type ListedTable, listTables } from '@tidemark/command-line/run';
import { readConnections } from '@tidemark/config';
import { openMysqlSession, readClock, type MysqlEndpoint } from '@tidemark/mysql';
import { openCopyTracking, openLoadTracking, type HopState } from '@tidemark/tracking';
import type { VerifyDeps } from '@tidemark/verifier';

/** The three databases, all of them known to answer before the first table is begun. */
export interface OpenedVerify extends AsyncDisposable {
  readonly deps: Pick<VerifyDeps, 'source' | 'replica' | 'copyTracking' | 'loadTracking' | 'stallTimeoutMs'>;
  /** Base tables of the source, and those of which there are rows elsewhere and that it lacks now. */
  readonly listed: readonly ListedTable[];
  /** The source's wall clock, just now. */
  readonly sourceWall: string;
  readonly states: readonly HopState[];
}

/** Connections of a pool beside those of its tables: in the warehouse a table has two. */
const SPARE = 1;

/** @throws TidemarkError when a setting is wrong, or a database cannot be reached or lacks the tracking tables */
export async function openVerify({ environment, settings }: Setup): Promise<OpenedVerify> {
  const { source, replica, warehouse } = readConnections(environment, ['source', 'replica', 'warehouse']);
  const stallTimeoutMs = settings.stallSeconds.value * 1000;
  const jobs = settings.jobs.value;
  await using opening = new AsyncDisposableStack();
  const { listed, sourceWall } = await look(source, stallTimeoutMs);
  const copyTracking = await openCopyTracking(replica, { poolSize: jobs + SPARE, stallTimeoutMs });
  opening.defer(() => copyTracking.close());
  const loadTracking = await openLoadTracking(warehouse, {
    poolSize: 2 * jobs + SPARE,
    stallTimeoutMs,
    schema: warehouse.schema,
  });
  opening.defer(() => loadTracking.close());
  await copyTracking.requireCurrent();
  await loadTracking.requireCurrent();
  const [copied, loaded] = [await copyTracking.states(), await loadTracking.states()];
  const opened = opening.move();
  return {
    deps: { source, replica, copyTracking, loadTracking, stallTimeoutMs },
    listed: addVanished(addVanished(listed, copied), loaded),
    sourceWall,
    states: [...copied, ...loaded],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** On a connection that is closed before the first table opens its own (P9). */
async function look(
  source: MysqlEndpoint,
  stallTimeoutMs: number,
): Promise<Pick<OpenedVerify, 'listed' | 'sourceWall'>> {
  const session = await openMysqlSession(source, { where: 'source', stallTimeoutMs });
  try {
    const { wall } = await readClock(session);
    return { listed: await listTables(session), sourceWall: wall };
  } finally {
    await session.close();
  }
}

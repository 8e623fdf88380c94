import PQueue from 'p-queue';

import { notBegun, notReached, type RunHop, type TableOutcome } from './outcome.ts';

/** Does one hop of one table. Never throws: a failure is an outcome. */
export type HopWork = (table: string) => Promise<TableOutcome>;

export interface RunPlan {
  /** In the order in which they are begun. */
  readonly tables: readonly string[];
  /** The hops to be done, each table's in this order. */
  readonly hops: readonly { readonly hop: RunHop; readonly work: HopWork }[];
  /** Tables of one hop at the same time. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Told of each outcome at once. */
  readonly onOutcome: (outcome: TableOutcome) => void;
}

/**
 * Works through the tables: each hop has a queue of its own, so that a table is loaded as soon as it is copied while
 * the source already serves the next one. A table that failed does not stop the others.
 */
export async function runTables({ tables, hops, jobs, signal, onOutcome }: RunPlan): Promise<TableOutcome[]> {
  const queues = hops.map(() => new PQueue({ concurrency: jobs }));
  const outcomes = await Promise.all(tables.map((table) => followTable(table)));
  return outcomes.flat();

  async function followTable(table: string): Promise<TableOutcome[]> {
    const reached: TableOutcome[] = [];
    for (const [index, { hop, work }] of hops.entries()) {
      const before = reached.at(-1);
      const outcome =
        before && before.status !== 'success'
          ? notReached(table, hop, before.hop)
          : await queued(queues[index], () => begin(table, hop, work));
      onOutcome(outcome);
      reached.push(outcome);
    }
    return reached;
  }

  async function begin(table: string, hop: RunHop, work: HopWork): Promise<TableOutcome> {
    return signal.aborted ? notBegun(table, hop, 'the run was stopped before its turn') : work(table);
  }
}

function queued(queue: PQueue | undefined, work: () => Promise<TableOutcome>): Promise<TableOutcome> {
  return queue ? queue.add(work) : work();
}

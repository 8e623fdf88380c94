import type { KeyValue } from '@tidemark/mysql';

import { lookAgain } from './look-again.ts';
import { lookAtRows, type LookedAt } from './look-at-rows.ts';
import { pickRows } from './pick-rows.ts';
import { scanCopy, type ScannedRows } from './scan-copy.ts';
import { scanLoad, type LongReads } from './scan-load.ts';
import { createTally, type Tally } from './tally.ts';
import type { DifferingRow, Verification } from './types.ts';
import type { VerifyContext } from './verify-context.ts';

export interface Compared {
  readonly counts: Omit<Verification, 'table' | 'verdict' | 'reason' | 'schema' | 'sourceAsOf'>;
  readonly rows: readonly DifferingRow[];
}

/** Rows that differed at the first look, kept for a second one: memory stays flat. */
const MOST_ROWS_KEPT = 100_000;

/**
 * Two steps. The scan reads everything once, fast, and names rows that are not the same byte by byte. Each of them is
 * then looked at in all three databases at the same time, and that look decides.
 */
export async function compareSides(context: VerifyContext, openReads: () => Promise<LongReads>): Promise<Compared> {
  const tally = createTally();
  const open: LookedAt[] = [];
  const seen = new Set<string>();
  const lookFor =
    (scan: Scan | null) =>
    (keys: readonly KeyValue[]): Promise<LookedAt[]> =>
      lookAtNew(context, keys, { tally, open, seen, scan });
  const { scope } = context.input;
  if (scope.kind !== 'full') {
    const look = lookFor(null);
    const rows = { sourceRows: 0, replicaRows: 0, warehouseRows: 0 };
    for await (const keys of pickRows(context, scope)) {
      context.deps.onProgress?.(keys.length);
      for (const row of await look(keys)) {
        rows.sourceRows += Number(row.inSource);
        rows.replicaRows += Number(row.inReplica);
        rows.warehouseRows += Number(row.inRaw);
      }
    }
    await lookAgain(context, open, tally);
    return { counts: { ...rows, ...tally.counts() }, rows: tally.rows() };
  }
  const copied: ScannedRows = { left: 0, right: 0 };
  const loaded: ScannedRows = { left: 0, right: 0 };
  const reads = await openReads();
  // At the same time: the digests are the servers' work, the two streams are this process's.
  await Promise.all([
    lookAtAll(scanCopy(context, copied), lookFor('copy')),
    lookAtAll(scanLoad(context, reads, loaded), lookFor('load')),
  ]);
  await lookAgain(context, open, tally);
  const rows = { sourceRows: copied.left, replicaRows: copied.right, warehouseRows: loaded.right };
  return { counts: { ...rows, ...tally.counts() }, rows: tally.rows() };
}

async function lookAtAll(
  scan: AsyncIterable<KeyValue[]>,
  look: (keys: readonly KeyValue[]) => Promise<LookedAt[]>,
): Promise<void> {
  for await (const keys of scan) await look(keys);
}

interface Seen {
  readonly tally: Tally;
  readonly open: LookedAt[];
  /** Rows that were counted, by name: as many as are kept. */
  readonly seen: Set<string>;
  /** Who names the keys; null where each row is named once. */
  readonly scan: Scan | null;
}

type Scan = 'copy' | 'load';

/**
 * Both scans may name a row: it is counted once. Where there are more rows than are kept, those in which source and
 * replica differ are left to the scan of the copy, which names all of them, and the others to that of the load.
 */
async function lookAtNew(
  context: VerifyContext,
  keys: readonly KeyValue[],
  { tally, open, seen, scan }: Seen,
): Promise<LookedAt[]> {
  const mostKept = context.deps.mostRowsKept ?? MOST_ROWS_KEPT;
  const looked = await lookAtRows(
    context,
    keys.filter((key) => !seen.has(JSON.stringify(key))),
  );
  for (const row of looked) {
    const name = JSON.stringify(row.key);
    // Meanwhile the other scan may have named it.
    if (row.verdict.state === 'equal' || seen.has(name)) continue;
    if (seen.size < mostKept) seen.add(name);
    else if (scan !== null && scan !== (row.differsInCopy ? 'copy' : 'load')) continue;
    if (row.verdict.state === 'differs' && open.length < mostKept) open.push(row);
    else tally.count(row);
  }
  return looked;
}

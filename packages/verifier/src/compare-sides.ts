import type { KeyValue } from '@tidemark/mysql';

import { lookAgain } from './look-again.ts';
import { lookAtRows, type LookedAt } from './look-at-rows.ts';
import { pickRows, type PickedScope } from './pick-rows.ts';
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
    (scan: Scan | null): Look =>
    (keys) =>
      lookAtNew(context, keys, { tally, open, seen, scan });
  const { scope } = context.input;
  const rows =
    scope.kind === 'full'
      ? await scanAll(context, await openReads(), lookFor)
      : await pickSome(context, scope, lookFor(null));
  await lookAgain(context, open, tally);
  return { counts: { ...rows, ...tally.counts() }, rows: tally.rows() };
}

type Look = (keys: readonly KeyValue[]) => Promise<LookedAt[]>;
type ReadRows = Pick<Verification, 'sourceRows' | 'replicaRows' | 'warehouseRows'>;

async function scanAll(context: VerifyContext, reads: LongReads, lookFor: (scan: Scan) => Look): Promise<ReadRows> {
  const copied: ScannedRows = { left: 0, right: 0 };
  const loaded: ScannedRows = { left: 0, right: 0 };
  // At the same time: the digests are the servers' work, the two streams are this process's. But the first digest, which
  // tells how fast the source is, has the servers to itself.
  const measured = Promise.withResolvers<void>();
  const copy = lookAtAll(scanCopy(context, copied, measured.resolve), lookFor('copy'));
  const load = measured.promise.then(() => lookAtAll(scanLoad(context, reads, loaded), lookFor('load')));
  await Promise.all([copy.catch(measured.reject), copy, load]);
  return { sourceRows: copied.left, replicaRows: copied.right, warehouseRows: loaded.right };
}

async function pickSome(context: VerifyContext, scope: PickedScope, look: Look): Promise<ReadRows> {
  const rows = { sourceRows: 0, replicaRows: 0, warehouseRows: 0 };
  for await (const keys of pickRows(context, scope)) {
    context.deps.onProgress?.(keys.length);
    for (const row of await look(keys)) {
      rows.sourceRows += Number(row.inSource);
      rows.replicaRows += Number(row.inReplica);
      rows.warehouseRows += Number(row.inRaw);
    }
  }
  return rows;
}

async function lookAtAll(scan: AsyncIterable<KeyValue[]>, look: Look): Promise<void> {
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

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

/** Rows that differed at the first look, kept for a second one. Beyond them the first look decides. */
const MOST_LOOKED_AT_AGAIN = 100_000;

/**
 * Two steps. The scan reads everything once, fast, and names rows that are not the same byte by byte. Each of them is
 * then looked at in all three databases at the same time, and that look decides.
 */
export async function compareSides(context: VerifyContext, openReads: () => Promise<LongReads>): Promise<Compared> {
  const tally = createTally();
  const open: LookedAt[] = [];
  const seen = new Set<string>();
  const look = (keys: readonly KeyValue[]): Promise<LookedAt[]> => lookAtNew(context, keys, { tally, open, seen });
  const { scope } = context.input;
  if (scope.kind !== 'full') {
    const rows = { sourceRows: 0, replicaRows: 0, warehouseRows: 0 };
    for await (const keys of pickRows(context, scope)) {
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
  // At the same time: the digests are the servers' work, the two streams are this process's. But the first digest, which
  // tells how fast the source is, has the servers to itself.
  const measured = Promise.withResolvers<void>();
  const copy = lookAtAll(scanCopy(context, copied, measured.resolve), look);
  const load = measured.promise.then(() => lookAtAll(scanLoad(context, reads, loaded), look));
  await Promise.all([copy.catch(measured.reject), copy, load]);
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

/** Both scans may name a row: it is looked at once. */
async function lookAtNew(
  context: VerifyContext,
  keys: readonly KeyValue[],
  { tally, open, seen }: { readonly tally: Tally; readonly open: LookedAt[]; readonly seen: Set<string> },
): Promise<LookedAt[]> {
  const fresh = keys.filter((key) => !seen.has(JSON.stringify(key)));
  for (const key of fresh) seen.add(JSON.stringify(key));
  const looked = await lookAtRows(context, fresh);
  for (const row of looked) {
    if (row.verdict.state === 'equal' || seen.size > MOST_LOOKED_AT_AGAIN) seen.delete(JSON.stringify(row.key));
    if (row.verdict.state === 'equal') continue;
    if (row.verdict.state === 'differs' && open.length < MOST_LOOKED_AT_AGAIN) open.push(row);
    else tally.count(row);
  }
  return looked;
}

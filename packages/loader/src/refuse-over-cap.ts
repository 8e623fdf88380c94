import { TidemarkError } from '@tidemark/errors';

import type { LoadContext } from './load-context.ts';

/** So many rows may always go, however small the table. */
const ROWS_ALWAYS_ALLOWED = 1_000;
/** Beyond that, this share of the table. */
const SHARE_ALLOWED = 0.05;

/**
 * Guards against a replica that is half full: a full read removes what the replica does not have. Tombstones are not
 * counted here, they passed the copy hop's cap.
 *
 * @throws TidemarkError DELETE_CAP
 */
export function refuseOverCap(
  { input, state }: Pick<LoadContext, 'input' | 'state'>,
  { missing, kept }: { readonly missing: number; readonly kept: number },
): void {
  const refusal = whyOverCap({ ...input, wasLoaded: state?.succeeded === true }, { missing, kept });
  if (refusal) throw refusal;
}

interface Refusable {
  readonly table: string;
  readonly allowDeletes: boolean;
  readonly wasLoaded: boolean;
}

/** Why so many rows are not removed; null where they are. */
export function whyOverCap(
  { table, allowDeletes, wasLoaded }: Refusable,
  { missing, kept }: { readonly missing: number; readonly kept: number },
): TidemarkError | null {
  if (allowDeletes || missing <= ROWS_ALWAYS_ALLOWED || missing <= (missing + kept) * SHARE_ALLOWED) return null;
  // What was never loaded cannot be verified; a copy of all rows makes the replica whole.
  const proof = wasLoaded ? 'verify' : 'copy --full-refresh';
  return new TidemarkError('DELETE_CAP', {
    message: `${missing} rows are in raw and not in the replica; so many are not deleted without being asked`,
    hint: `Make sure that the replica table is whole (\`tidemark ${proof} ${table}\`), then run \`tidemark load ${table} --full-refresh --allow-deletes\`.`,
    table,
  });
}

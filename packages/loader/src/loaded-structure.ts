import { structureFingerprint } from '@tidemark/mysql';

import type { CopyState } from './read-copy-state.ts';
import type { RawTarget } from './raw-target.ts';
import type { DeletePolicy } from './types.ts';

/**
 * Fingerprint of the replica's columns and key as they are loaded, and which record of the copy hop counts its sequence:
 * rows loaded under another are loaded again. A record that was lost and made anew counts from 1 again, and its numbers
 * say nothing of what was loaded under the old one. Behind them `deletes`, where raw keeps rows that are gone.
 */
export function loadedStructure(target: RawTarget, copy: CopyState | null, deletes: DeletePolicy): string {
  const columns = target.columns.map((column) => column.source);
  const key = target.keyColumns.map((column) => column.source.name);
  const fingerprint = structureFingerprint(columns, key);
  const structure = copy === null ? fingerprint : `${fingerprint} ${copy.record}`;
  return deletes === 'remove' ? structure : `${structure}${POLICY}${deletes}`;
}

const POLICY = ' deletes=';

/** A structure without what is recorded of `deletes`. */
export function withoutPolicy(structure: string): string {
  return structure.split(POLICY)[0] ?? structure;
}

export const COLUMNS_CHANGED = 'Columns or key changed since the last load.';

/** Why rows that were loaded under the recorded structure are loaded again; null when they need not be. */
export function whatChanged(recorded: string | null, now: string): string | null {
  if (recorded !== null && withoutPolicy(recorded) === withoutPolicy(now)) return whyPolicy(recorded, now);
  const fingerprint = (structure: string): string | undefined => structure.split(' ')[0];
  return recorded !== null && fingerprint(recorded) === fingerprint(now)
    ? 'The copy of this table was begun anew since the last load: its record had been lost.'
    : COLUMNS_CHANGED;
}

/** Where less is kept than before: of rows that were kept no tombstone tells any more. */
function whyPolicy(recorded: string, now: string): string | null {
  const [before, after] = [recorded, now].map((structure) => KEPT_BY.indexOf(structure.split(POLICY)[1] ?? ''));
  return (before ?? 0) > (after ?? 0) ? 'Fewer gone rows are to be kept than at the last load (deletes).' : null;
}

/** From `remove`, which is not written, to the one that passes tombstones over. */
const KEPT_BY = ['', 'flag', 'ignore'];

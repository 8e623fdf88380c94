import { structureFingerprint } from '@tidemark/mysql';

import type { CopyState } from './read-copy-state.ts';
import type { RawTarget } from './raw-target.ts';

/**
 * Fingerprint of the replica's columns and key as they are loaded, and which record of the copy hop counts its sequence:
 * rows loaded under another are loaded again. A record that was lost and made anew counts from 1 again, and its numbers
 * say nothing of what was loaded under the old one.
 */
export function loadedStructure(target: RawTarget, copy: CopyState | null): string {
  const columns = target.columns.map((column) => column.source);
  const key = target.keyColumns.map((column) => column.source.name);
  const fingerprint = structureFingerprint(columns, key);
  return copy === null ? fingerprint : `${fingerprint} ${copy.record}`;
}

export const COLUMNS_CHANGED = 'Columns or key changed since the last load.';

/** In which of its two parts a structure differs from the one that was recorded. */
export function whatChanged(recorded: string | null, now: string): string {
  const fingerprint = (structure: string): string | undefined => structure.split(' ')[0];
  return recorded !== null && fingerprint(recorded) === fingerprint(now)
    ? 'The copy of this table was begun anew since the last load: its record had been lost.'
    : COLUMNS_CHANGED;
}

import { structureFingerprint } from '@tidemark/mysql';

import type { RawTarget } from './raw-target.ts';

/** Fingerprint of the replica's columns and key as they are loaded: rows loaded under another are loaded again. */
export function loadedStructure(target: RawTarget): string {
  return structureFingerprint(
    target.columns.map((column) => column.source),
    target.keyColumns.map((column) => column.source.name),
  );
}

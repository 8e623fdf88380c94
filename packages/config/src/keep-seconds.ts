import type { KeepSettings, TablesFile } from './tables-file.ts';

const DAY = 86_400;

/** Longer than any run is late; a year and a month of history, so that a month can be held against last year's. */
const DEFAULTS = { tombstones: 30 * DAY, history: 400 * DAY } as const;

/** How long a kind of record is kept, in seconds; null: for ever. */
export function keepSeconds(file: TablesFile | null, kind: keyof KeepSettings): number | null {
  const kept = file?.keep[kind] ?? DEFAULTS[kind];
  return kept === 'forever' ? null : kept;
}

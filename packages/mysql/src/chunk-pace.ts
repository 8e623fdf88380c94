/** Follows the time that chunks take, so that one statement lasts about `targetMs` (promise P9). */
export interface ChunkPace {
  rows(): number;
  /** Says how long a chunk of so many rows took. */
  took(rows: number, ms: number): void;
}

const FIRST_ROWS = 5_000;
const LEAST_ROWS = 200;

export interface PaceOptions {
  /** Never more rows than this in one chunk (batch_size of tables.yml). */
  readonly mostRows: number;
  readonly targetMs?: number;
}

/** Grows or shrinks by at most a factor of two and a half per chunk; a short chunk (the last of a table) says nothing. */
export function createChunkPace({ mostRows, targetMs = 500 }: PaceOptions): ChunkPace {
  let current = Math.min(FIRST_ROWS, mostRows);
  return {
    rows: () => current,
    took: (rows, ms) => {
      if (rows < current / 2 && ms < targetMs) return;
      const factor = Math.min(2.5, Math.max(0.4, targetMs / Math.max(ms, 1)));
      current = Math.max(Math.min(LEAST_ROWS, mostRows), Math.min(mostRows, Math.round(current * factor)));
    },
  };
}

/** Spreads rows over time: who has read some waits until as many have come free (promise P9). */
export interface RowBudget {
  /** Says that so many rows were read. */
  took(rows: number): void;
  /** Milliseconds until the next rows may be read; 0 for now. */
  waitMs(): number;
}

/**
 * One budget is shared by all that read. Rows are counted when they are there, since nobody knows before how many a
 * statement brings: what one read is paid by the pause before the next.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function createRowBudget(rowsPerSecond: number, now: () => number): RowBudget {
  let freeAt = now();
  return {
    took: (rows) => {
      // Time in which nobody read is not saved up: it would come as a burst.
      freeAt = Math.max(freeAt, now()) + (rows / rowsPerSecond) * 1000;
    },
    waitMs: () => Math.max(0, freeAt - now()),
  };
}

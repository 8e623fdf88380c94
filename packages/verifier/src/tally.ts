import type { LookedAt } from './look-at-rows.ts';
import type { DifferingRow, Verification } from './types.ts';

/** Rows that are kept by name. Beyond them rows are counted only: memory stays flat. */
const MOST_NAMED = 100_000;

type Counts = Pick<
  Verification,
  'missing' | 'extra' | 'different' | 'pending' | 'inMotion' | 'kept' | 'causes' | 'columns'
>;

/** Counts what was found of rows. */
export interface Tally {
  /** A row whose verdict stands. */
  count(row: LookedAt): void;
  countInMotion(): void;
  counts(): Counts;
  /** The rows that differ. */
  rows(): readonly DifferingRow[];
}

export function createTally(): Tally {
  const states = { equal: 0, pending: 0, kept: 0 };
  const kinds = { missing: 0, extra: 0, different: 0 };
  const causes: Record<string, number> = {};
  // Without a prototype: a column may be called `constructor`.
  const columns: Record<string, number> = Object.create(null);
  const rows: DifferingRow[] = [];
  let inMotion = 0;
  return {
    count: ({ key, inSource, inRaw, isMarked, verdict }) => {
      if (verdict.state !== 'differs') {
        states[verdict.state] += 1;
        return;
      }
      kinds[verdict.kind] += 1;
      for (const cause of verdict.causes) causes[cause] = (causes[cause] ?? 0) + 1;
      for (const column of verdict.columns) columns[column] = (columns[column] ?? 0) + 1;
      if (rows.length >= MOST_NAMED) return;
      rows.push({ key, kind: verdict.kind, inSource, inCopy: verdict.inCopy, inRaw: inRaw && !isMarked });
    },
    countInMotion: () => {
      inMotion += 1;
    },
    counts: () => ({ ...kinds, pending: states.pending, kept: states.kept, inMotion, causes, columns }),
    rows: () => rows,
  };
}

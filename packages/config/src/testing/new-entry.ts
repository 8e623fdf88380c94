import { expect } from 'vitest';

import type { NewEntry } from '../render-entries.ts';

/** An entry to be added. */
export function newEntry(table: string, more: Partial<NewEntry> = {}): NewEntry {
  return {
    table,
    comments: ['Why: because.', 'Not used: SecDateEntry.'],
    strategy: 'incremental',
    incrementalColumns: ['DateTStamp'],
    primaryKey: ['ANum'],
    estimatedRows: 7,
    estimatedSizeMb: 0.25,
    ...more,
  };
}

/** What was there, in the same order, with nothing else between. */
export function expectKept(before: string, after: string): void {
  const lines = after.split(/\r?\n/);
  let at = 0;
  for (const line of before.split(/\r?\n/)) {
    at = lines.indexOf(line, at) + 1;
    expect(at, `lost: ${line}`).toBeGreaterThan(0);
  }
}

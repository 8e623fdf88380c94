import { compareCursorValues, parseCursorValue } from '@tidemark/incremental';
import type { HopState } from '@tidemark/tracking';
import { expect } from 'vitest';

const KINDS = { DateTStamp: 'timestamp', SecDateTEdit: 'datetime' } as const;

/** Neither watermarks nor the time of which the data are have moved back (P2, P4). */
export function expectMarksForward(before: HopState | null, after: HopState | null): void {
  expect((after?.sourceAsOf ?? '') >= (before?.sourceAsOf ?? '')).toBe(true);
  for (const [column, kind] of Object.entries(KINDS)) {
    const earlier = before?.watermarks[column];
    if (earlier === undefined) continue;
    const [from, to] = [earlier, after?.watermarks[column] ?? ''].map((text) => parseCursorValue(kind, text));
    expect(from && to && compareCursorValues(to, from)).toBeGreaterThanOrEqual(0);
  }
}

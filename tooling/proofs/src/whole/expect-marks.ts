import { compareCursorValues, parseCursorValue } from '@tidemark/incremental';
import { expect } from 'vitest';

import type { Pipeline } from '../pipeline.ts';

/** Watermarks of the copy hop, by column. */
export type Marks = Readonly<Record<string, string>>;

const KINDS = { DateTStamp: 'timestamp', Edited: 'datetime' } as const;

async function readMarks(pipeline: Pipeline, table: string): Promise<Marks> {
  return (await pipeline.copyTracking.state(table))?.watermarks ?? {};
}

/** Watermarks never move back and never pass the source's clock (P2). @returns the marks now */
export async function expectMarksInOrder(pipeline: Pipeline, table: string, before: Marks): Promise<Marks> {
  const now = await readMarks(pipeline, table);
  const [clock] = await pipeline.source.query<{ utc: string; wall: string }>(
    // SYSDATE and not NOW: this session's NOW is the simulated time of the application.
    `SELECT CAST(CONVERT_TZ(SYSDATE(6), @@session.time_zone, '+00:00') AS CHAR) AS utc, CAST(SYSDATE(6) AS CHAR) AS wall`,
  );
  for (const [column, kind] of Object.entries(KINDS)) {
    const mark = now[column] === undefined ? null : parseCursorValue(kind, now[column]);
    const earlier = before[column] === undefined ? null : parseCursorValue(kind, before[column]);
    if (earlier) expect(mark && compareCursorValues(mark, earlier)).toBeGreaterThanOrEqual(0);
    const limit = parseCursorValue(kind, (kind === 'timestamp' ? clock?.utc : clock?.wall) ?? '');
    if (mark && limit) expect(compareCursorValues(mark, limit)).toBeLessThanOrEqual(0);
  }
  return now;
}

import type { ProgressEvent } from '@tidemark/tracking';

import { formatCount, formatDuration, plural } from '../render/format.ts';
import type { RunHop } from './outcome.ts';

/** What is told while a table is compared. */
export type ComparisonEvent = { readonly hop: 'verify'; readonly table: string } & (
  | { readonly type: 'started'; readonly plan: string; readonly estimatedRows: number }
  | { readonly type: 'progress'; readonly rows: number }
  | { readonly type: 'paused' | 'resumed' }
);

type Act = RunHop | 'verify';

interface InFlight {
  readonly hop: Act;
  readonly table: string;
  readonly plan: string;
  readonly estimatedRows: number;
  readonly startedAt: number;
  rows: number;
  /** The source is busy, and nothing is read. */
  isPaused: boolean;
}

/** What is going on now, for the live display. */
export interface Progress {
  take(event: ProgressEvent | ComparisonEvent): void;
  finish(outcome: {
    readonly hop: Act;
    readonly table: string;
    readonly status: 'success' | 'failed' | 'skipped';
  }): void;
  /** @param columns width of the terminal: longer lines are cut */
  render(columns: number): string;
}

/** @param now milliseconds of a clock that never goes back */
export function createProgress(tables: number, lastHop: Act, now: () => number): Progress {
  const startedAt = now();
  const inFlight = new Map<string, InFlight>();
  let done = 0;
  let failed = 0;
  return {
    take: (event) => {
      const key = `${event.hop} ${event.table}`;
      if (event.type === 'started') {
        const { hop, table, plan, estimatedRows } = event;
        inFlight.set(key, { hop, table, plan, estimatedRows, startedAt: now(), rows: 0, isPaused: false });
        return;
      }
      const entry = inFlight.get(key);
      if (!entry) return;
      entry.isPaused = event.type === 'paused';
      if (event.type === 'progress') entry.rows = event.rows;
    },
    finish: ({ hop, table, status }) => {
      inFlight.delete(`${hop} ${table}`);
      if (status === 'failed') failed += 1;
      if (hop === lastHop) done += 1;
    },
    render: (columns) => {
      const width = Math.max(0, ...[...inFlight.values()].map(({ table }) => table.length));
      const lines = [...inFlight.values()].map((entry) => renderEntry(entry, width, now()));
      const failures = failed > 0 ? `, ${failed} failed` : '';
      lines.push(
        `${formatCount(done)} of ${plural(tables, 'table')} done${failures} · ${formatDuration(now() - startedAt)}`,
      );
      return lines.map((line) => line.slice(0, Math.max(20, columns - 1))).join('\n');
    },
  };
}

function renderEntry(
  { hop, table, plan, estimatedRows, startedAt, rows, isPaused }: InFlight,
  width: number,
  now: number,
): string {
  const seconds = (now - startedAt) / 1000;
  const share = plan === 'full' && estimatedRows >= rows && rows > 0 ? ` of about ${formatCount(estimatedRows)}` : '';
  const pace = seconds >= 1 && rows > 0 ? ` · ${formatCount(rows / seconds)}/s` : '';
  return `${hop} ${table.padEnd(width)}  ${plan}  ${formatCount(rows)}${share} rows${isPaused ? ' · paused, the source is busy' : pace}`;
}

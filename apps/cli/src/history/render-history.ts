import {
  bad,
  dim,
  formatCount,
  formatDuration,
  formatTime,
  good,
  NONE,
  odd,
  renderTable,
} from '@tidemark/command-line/render';
import { renderChanges, renderValueChanges } from '@tidemark/command-line/run';

import type { HistoryInput, HistoryLine, HistoryReport } from './read-history.ts';

/** Past runs for people, newest first. */
export function renderHistory({ runs }: HistoryReport, asked: Pick<HistoryInput, 'table' | 'runId'> = {}): string {
  if (runs.length === 0) return whyEmpty(asked);
  return renderTable(runs, [
    { head: 'started', cell: ({ startedAt }) => formatTime(startedAt) },
    { head: 'table', cell: ({ table }) => table },
    { head: 'hop', cell: ({ hop }) => hop },
    { head: 'plan', cell: ({ plan }) => plan },
    { head: 'read', align: 'right', cell: ({ rowsRead }) => formatCount(rowsRead) },
    { head: 'changed', cell: (line) => (line.status === 'success' ? renderChanges(line) : NONE) },
    { head: 'on the way', cell: ({ changes }) => renderValueChanges(changes) ?? NONE },
    { head: 'time', align: 'right', cell: timeOf },
    { head: 'result', cell: (line) => `${resultOf(line)}${line.attempt > 1 ? ` (attempt ${line.attempt})` : ''}` },
    { head: 'run', cell: ({ runId }) => dim(runId) },
  ]);
}

function whyEmpty({ table, runId }: Pick<HistoryInput, 'table' | 'runId'>): string {
  // Without a table, a run that has no record is an error.
  return runId === undefined || table === undefined ? 'No run is recorded.' : `Run ${runId} has no record of ${table}.`;
}

function timeOf({ startedAt, finishedAt }: HistoryLine): string {
  return finishedAt === null ? NONE : formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
}

function resultOf({ status, errorCode, finishedAt }: HistoryLine): string {
  if (finishedAt === null) return odd('running or killed');
  if (status === 'failed') return bad(errorCode ?? 'failed');
  return status === 'success' ? good('ok') : NONE;
}

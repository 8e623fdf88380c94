import { bad, dim, formatCount, formatTime, good, NONE, plural, renderTable } from '@tidemark/command-line/render';

import type { RecordReport } from './record-run-results.ts';

/** What was recorded, for people. */
export function renderRecord(report: RecordReport): string {
  const lines = [summaryOf(report)];
  if (report.models.length > 0) {
    lines.unshift(
      renderTable(report.models, [
        { head: 'model', cell: ({ model }) => model },
        { head: 'finished', cell: ({ finishedAt }) => formatTime(finishedAt) },
        { head: 'rows', align: 'right', cell: ({ rows }) => (rows === null ? NONE : formatCount(rows)) },
        { head: 'result', cell: ({ error }) => (error === null ? good('ok') : bad(error)) },
        { head: '', cell: ({ recorded }) => (recorded ? '' : dim('recorded before')) },
      ]),
    );
  }
  if (report.laterInvocation) {
    lines.push(
      `dbt began run ${report.laterInvocation.invocationId} after that, and it left no results: ` +
        'it was killed by SIGTERM or SIGKILL, is not at its end, or builds nothing. Build again with dbt.',
    );
  }
  return lines.join('\n');
}

function summaryOf({ runId, generatedAt, command, recorded, skipped, models }: RecordReport): string {
  const run = `${dim('run')} ${runId} of ${formatTime(generatedAt)}`;
  if (models.length === 0) return `Nothing to record: dbt ${command ?? ''} built no models with rows (${run}).`;
  const known = skipped > 0 ? `, ${plural(skipped, 'model was', 'models were')} recorded before` : '';
  return `${plural(recorded, 'model')} recorded${known} (${run}).`;
}

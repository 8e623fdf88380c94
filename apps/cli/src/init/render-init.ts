import { dim, formatCount, NONE, odd, plural, renderTable } from '@tidemark/command-line/render';
import type { InitReport, InitTable } from './init-report.ts';

/** What init found and wrote, for people. */
export function renderInit(report: InitReport): string {
  const changed = report.tables.filter(({ status }) => status === 'added' || status === 'updated');
  return [
    ...(changed.length > 0 ? [renderTables(changed)] : []),
    ...renderLeftOut(report),
    ...section(
      'Drift between tables.yml and the source',
      report.drift.map(({ table, text }) => `${table}: ${text}`),
    ),
    ...section(
      'Worth changing (--update does it)',
      report.advice.map(({ table, text, propose }) => `${table}: ${text} ${proposed(propose)}`),
    ),
    ...section('Not changed: the entry shares settings with others, or they would not go together', report.notUpdated),
    `${dim(`Evidence: ${report.evidence}.`)}\n${summary(report)}`,
  ].join('\n\n');
}

function renderTables(tables: readonly InitTable[]): string {
  return renderTable(tables, [
    { head: 'table', cell: ({ table }) => table },
    { head: '', cell: ({ status }) => status },
    { head: 'strategy', cell: ({ strategy }) => strategy ?? NONE },
    { head: 'columns', cell: ({ incrementalColumns }) => incrementalColumns.join(', ') || NONE },
    { head: 'key', cell: ({ key }) => key.join(', ') || NONE },
    { head: 'rows, about', align: 'right', cell: ({ estimatedRows }) => formatCount(estimatedRows) },
    { head: 'reason', cell: ({ reason }) => reason },
  ]);
}

/** Tables that nobody chose to leave out. */
function renderLeftOut({ tables }: InitReport): string[] {
  const left = tables.filter(({ status, strategy }) => status === 'left_out' && strategy === null);
  return section(
    'Left out',
    left.map(({ table, reason }) => `${table}: ${reason}`),
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${odd(title)}\n${lines.map((line) => `  ${line}`).join('\n')}`];
}

function proposed({
  strategy,
  incrementalColumns,
}: {
  strategy: string;
  incrementalColumns: readonly string[];
}): string {
  return `→ ${strategy}${incrementalColumns.length > 0 ? ` by ${incrementalColumns.join(', ')}` : ''}`;
}

function summary({ file, created, written, tables }: InitReport): string {
  const count = (status: InitTable['status']): number => tables.filter((table) => table.status === status).length;
  const groups = Map.groupBy(
    tables.filter(({ status }) => status === 'added'),
    ({ strategy }) => strategy,
  );
  const parts = [...groups].map(([strategy, group]) => `${formatCount(group.length)} ${strategy ?? NONE}`);
  const added = plural(count('added'), 'table');
  const kinds = parts.length > 0 ? ` (${parts.join(', ')})` : '';
  const rest = created ? '' : `, ${formatCount(count('updated'))} updated, ${formatCount(count('kept'))} kept`;
  const left = `, ${formatCount(count('left_out'))} left out`;
  if (written) return `${created ? 'Wrote' : 'Extended'} ${file}: ${added} added${kinds}${rest}${left}.`;
  const isSame = count('added') + count('updated') === 0;
  if (isSame && !created) return `${file} is as it was: no table to add${rest}${left}.`;
  return `Would ${created ? 'write' : 'extend'} ${file}: ${added} added${kinds}${rest}${left}.`;
}

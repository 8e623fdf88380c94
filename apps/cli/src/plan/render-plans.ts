import { dim, formatCount, NONE, odd, plural, renderTable } from '@tidemark/command-line/render';

import type { BranchReport, PlanReport, TablePlanReport } from './plan-tables.ts';

/** So many plans are told in full; more than that get a line each. */
const IN_FULL = 3;

/** Plans for people. */
export function renderPlans({ tables }: PlanReport): string {
  if (tables.length === 0) return 'No table is selected.';
  if (tables.length <= IN_FULL) return tables.map(renderInFull).join('\n\n');
  return `${renderTable(tables, COLUMNS)}\n\n${sumOf(tables)}`;
}

const COLUMNS = [
  { head: 'table', cell: ({ table }: TablePlanReport) => table },
  { head: 'strategy', cell: ({ strategy }: TablePlanReport) => strategy ?? odd('skipped') },
  { head: 'rows, about', align: 'right', cell: ({ estimatedRows }: TablePlanReport) => aboutRows(estimatedRows) },
  { head: 'read by', cell: readBy },
  { head: 'reason', cell: ({ reason }: TablePlanReport) => reason },
] as const;

function aboutRows(rows: number | null): string {
  return rows === null ? NONE : formatCount(rows);
}

function readBy({ status, predicate }: TablePlanReport): string {
  if (status === 'skipped') return NONE;
  return predicate?.readBy === 'index' ? `index: ${indexedColumns(predicate.branches)}` : 'key ranges';
}

function indexedColumns(branches: readonly BranchReport[]): string {
  return branches.map(({ column }) => column).join(', ');
}

function renderInFull(report: TablePlanReport): string {
  const lines = report.status === 'skipped' ? [['skipped', report.reason]] : detailsOf(report);
  return [report.table, ...lines.map(([label = '', text = '']) => `  ${dim(label.padEnd(11))} ${text}`)].join('\n');
}

function detailsOf(report: TablePlanReport): string[][] {
  const { predicate } = report;
  const kept = report.columnsKept.join(', ');
  return [
    ['strategy', report.strategy ?? NONE],
    ['reason', report.reason],
    ['rows, about', aboutRows(report.estimatedRows)],
    ['key', report.key.join(', ')],
    ['columns', kept === '' ? NONE : kept],
    ...report.columnsSkipped.map(({ column, why }) => ['left out', `${column}: ${why}`]),
    ...(predicate ? [['condition', renderCondition(predicate)]] : []),
    ['read by', renderReading(report)],
    ...(report.digestDue
      ? [['also', 'a comparison by digest is due: it finds deletes and changes that moved no stamp']]
      : []),
  ];
}

/** The condition with its bounds in their places. */
function renderCondition({ sql, branches }: NonNullable<TablePlanReport['predicate']>): string {
  const bounds = branches.map(({ bound }) => (bound === null ? '<highest copied>' : `'${bound}'`));
  return sql.replaceAll('?', () => bounds.shift() ?? '?');
}

function renderReading({ strategy, predicate, key }: TablePlanReport): string {
  const ranges = `ranges of the key (${key.join(', ')})`;
  if (strategy === 'digest') return `${ranges}, of which those are read whose digests differ`;
  if (predicate === null) return `${ranges}, all rows`;
  if (predicate.readBy === 'index') return `an index for each of ${indexedColumns(predicate.branches)}`;
  const without = predicate.branches.filter(({ indexed }) => !indexed).map(({ column }) => column);
  return `${ranges}, the condition filters: the source has no index for ${without.join(', ')}`;
}

function sumOf(tables: readonly TablePlanReport[]): string {
  const groups = [...Map.groupBy(tables, ({ strategy }) => strategy ?? 'skipped')];
  return [
    plural(tables.length, 'table'),
    ...groups.map(([name, group]) => `${formatCount(group.length)} ${name}`),
  ].join(', ');
}

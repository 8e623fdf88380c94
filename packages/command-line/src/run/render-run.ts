import { formatCount, formatDuration, NONE, plural } from '../render/format.ts';
import { bad, dim, good, odd, renderTable, type Column } from '../render/render-table.ts';
import { NO_FAULT, type RunHop, type TableOutcome } from './outcome.ts';
import { renderChanges, renderValueChanges } from './render-changes.ts';

export interface FinishedRun {
  readonly runId: string;
  readonly hops: readonly RunHop[];
  readonly outcomes: readonly TableOutcome[];
  readonly durationMs: number;
}

interface TableLine {
  readonly table: string;
  readonly byHop: Partial<Record<RunHop, TableOutcome>>;
}

/** The result of a run for people: a line per table, then what failed and why, then the sum. */
export function renderRun({ runId, hops, outcomes, durationMs }: FinishedRun): string {
  if (outcomes.length === 0) return 'No table is selected.';
  const lines = linesOf(outcomes);
  const begun = lines.filter(({ byHop }) => Object.values(byHop).some(({ status }) => status !== 'skipped'));
  return [
    ...(begun.length > 0 ? [renderTable(begun, columnsFor(hops)), ''] : []),
    ...renderOnTheWay(outcomes),
    ...renderFailed(outcomes),
    ...renderSkipped(lines),
    `${sumOf(lines)}, in ${formatDuration(durationMs)}. ${dim(`Run ${runId}`)}`,
  ].join('\n');
}

function linesOf(outcomes: readonly TableOutcome[]): TableLine[] {
  return [...Map.groupBy(outcomes, ({ table }) => table)].map(([table, ofTable]) => ({
    table,
    byHop: Object.fromEntries(ofTable.map((outcome) => [outcome.hop, outcome])),
  }));
}

const HEADS = { copy: 'copied', load: 'loaded' } as const;

function columnsFor(hops: readonly RunHop[]): Column<TableLine>[] {
  return [
    { head: 'table', cell: ({ table }) => table },
    { head: 'strategy', cell: ({ byHop }) => byHop.copy?.strategy ?? byHop.load?.strategy ?? NONE },
    ...hops.flatMap((hop): Column<TableLine>[] => [
      {
        head: hops.length > 1 ? `${hop}: read` : 'read',
        align: 'right',
        cell: ({ byHop }) => (byHop[hop]?.status === 'success' ? formatCount(byHop[hop].counts.rowsRead) : NONE),
      },
      { head: HEADS[hop], cell: ({ byHop }) => changesOf(byHop[hop]) },
    ]),
    { head: 'time', align: 'right', cell: ({ byHop }) => formatDuration(timeOf(byHop)) },
    { head: 'result', cell: ({ byHop }) => resultOf(byHop) },
  ];
}

function changesOf(outcome: TableOutcome | undefined): string {
  return outcome?.status === 'success' ? renderChanges(outcome.counts) : NONE;
}

function timeOf(byHop: TableLine['byHop']): number {
  return Object.values(byHop).reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function resultOf(byHop: TableLine['byHop']): string {
  const outcomes = Object.values(byHop);
  const failed = outcomes.find(({ status }) => status === 'failed');
  if (failed?.error) return whatHappened(failed.hop, failed.error.code);
  const skipped = outcomes.find(({ status }) => status === 'skipped');
  return skipped ? odd(`${skipped.hop} skipped`) : good('ok');
}

/** What was changed in values on the way, told per table (promise P10). */
function renderOnTheWay(outcomes: readonly TableOutcome[]): string[] {
  const lines = outcomes.flatMap(({ table, hop, changes }) => {
    const words = renderValueChanges(changes);
    return words === null ? [] : [`${odd('changed on the way')}: ${table} (${hop}): ${words}`];
  });
  return lines.length > 0 ? [...lines, ''] : [];
}

function whatHappened(hop: RunHop, code: string): string {
  const word = NO_FAULT[code];
  return word ? odd(`${hop} ${word}`) : bad(`${hop} failed: ${code}`);
}

function renderFailed(outcomes: readonly TableOutcome[]): string[] {
  const failed = outcomes.flatMap(({ table, hop, error }) => (error ? [{ table, hop, error }] : []));
  const groups = Map.groupBy(failed, ({ hop, error }) => `${hop} ${error.code} ${error.message} ${error.hint}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { hop, error } = first;
    const names = group.map(({ table }) => table);
    const word = NO_FAULT[error.code];
    return [
      `${word ? odd(`${hop} ${word}`) : bad(`${hop} failed`)}: ${names.join(', ')}`,
      `  ${error.message} (${error.code})`,
      `  → ${error.hint}`,
      '',
    ];
  });
}

/** Tables that nothing was done with; one whose copy failed is told as failed. */
function renderSkipped(lines: readonly TableLine[]): string[] {
  const whollySkipped = lines.flatMap(({ table, byHop }) => {
    const [first, ...rest] = Object.values(byHop);
    const isSkipped = first?.status === 'skipped' && rest.every(({ status }) => status === 'skipped');
    return isSkipped ? [{ table, reason: first.reason ?? NONE }] : [];
  });
  const groups = [...Map.groupBy(whollySkipped, ({ reason }) => reason)].map(
    ([reason, group]) => `${odd('skipped')} (${reason}): ${group.map(({ table }) => table).join(', ')}`,
  );
  return groups.length > 0 ? [...groups, ''] : [];
}

function sumOf(lines: readonly TableLine[]): string {
  const groups = Map.groupBy(lines, ({ byHop }) => wordOf(Object.values(byHop)));
  const count = (word: string): number => groups.get(word)?.length ?? 0;
  const rest = [
    count('failed') > 0 ? bad(`${formatCount(count('failed'))} failed`) : '',
    ...['stopped', 'locked', 'skipped'].map((word) => (count(word) > 0 ? `${formatCount(count(word))} ${word}` : '')),
  ].filter((part) => part !== '');
  return [plural(lines.length, 'table'), `${formatCount(count('ok'))} ok`, ...rest].join(', ');
}

function wordOf(outcomes: readonly TableOutcome[]): string {
  const failed = outcomes.find(({ status }) => status === 'failed');
  if (failed) return NO_FAULT[failed.error?.code ?? ''] ?? 'failed';
  return outcomes.some(({ status }) => status === 'skipped') ? 'skipped' : 'ok';
}

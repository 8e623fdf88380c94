import {
  bad,
  dim,
  formatCount,
  formatDuration,
  formatTime,
  good,
  NONE,
  plural,
  renderTable,
} from '@tidemark/command-line/render';
import type { AccuracyReport } from './accuracy-report.ts';
import type {
  CheckReport,
  CoverageReport,
  DuplicatesReport,
  HopOverhead,
  LeftOut,
  Overhead,
  MetricsReport,
  OverheadReport,
  Share,
} from './metrics-report.ts';

/** So many names or tables are told; `--json` has all. */
const SHOWN = 5;

/** The four numbers for people, each with what it means. */
export function renderMetrics(report: MetricsReport): string {
  const { meaning } = report;
  return [
    ...renderCheck(report.check),
    ...renderLeftOut(report.leftOut),
    section('Tracking coverage', renderCoverage(report.coverage), meaning.coverage),
    section('Incremental accuracy', renderAccuracy(report.accuracy), meaning.accuracy),
    section('Duplicate keys', renderDuplicates(report.duplicateKeys), meaning.duplicateKeys),
    section('Tracking overhead', renderOverhead(report.overhead), meaning.overhead),
    dim(`History since ${formatTime(report.since)}; measured ${formatTime(report.measuredAt)}.`),
  ].join('\n\n');
}

function renderCheck(check: CheckReport | null): string[] {
  if (check === null) return [];
  const { compared, notCompared, runId } = check;
  const left = notCompared.map(({ table, why }) => `  not compared: ${table} (${why})`);
  return [[`${plural(compared, 'table')} compared just now. ${dim(`Run ${runId}`)}`, ...left].join('\n')];
}

const WHY: Readonly<Record<LeftOut['why'], string>> = {
  gone_from_source: 'the source does not have it any more',
  not_in_tables_yml: 'it is not in tables.yml',
};

function renderLeftOut(leftOut: readonly LeftOut[]): string[] {
  const groups = [...Map.groupBy(leftOut, ({ why }) => why)];
  const lines = groups.map(([why, group]) => `  ${someOf(group.map(({ table }) => table))}: ${WHY[why]}`);
  return lines.length === 0 ? [] : [['Not in these numbers, because no run brings it up to date', ...lines].join('\n')];
}

function section(title: string, text: string, meaning: string): string {
  return `${title}\n${indent(text)}\n${dim(indent(meaning))}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

function renderCoverage({ copy, load, transform }: CoverageReport): string {
  const tiers = [
    { hop: 'copy', tier: copy },
    { hop: 'load', tier: load },
    ...(transform ? [{ hop: 'transform', tier: transform }] : []),
  ];
  return renderTable(tiers, [
    { head: 'hop', cell: ({ hop }) => hop },
    { head: 'incremental', align: 'right', cell: ({ tier }) => shareText(tier.incremental) },
    { head: 'all synced', align: 'right', cell: ({ tier }) => shareText(tier.synced) },
    { head: 'without a success', cell: ({ tier }) => someOf(tier.synced.missing) },
  ]);
}

function shareText({ covered, total }: Share): string {
  if (total === 0) return NONE;
  const text = `${formatCount(covered)} of ${formatCount(total)} (${percent(covered / total)})`;
  return covered === total ? good(text) : text;
}

/** Never 100 % or 0 % where it is not all or nothing. */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  const shown = Math.min(99.99, Math.max(0.01, share * 100));
  return `${shown.toFixed(shown > 0.995 && shown < 99.5 ? 1 : 2)} %`;
}

function someOf(names: readonly string[]): string {
  if (names.length === 0) return NONE;
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`;
}

function renderAccuracy(accuracy: AccuracyReport | null): string {
  if (accuracy === null) return 'no table was compared whole yet: tidemark verify';
  const { comparedTables, comparedRows, missedRows, share, notCompared, inDays } = accuracy;
  const right = `${share === null ? NONE : percent(share)} not missed: `;
  const missed = missedRows === 0 ? good('no row missed') : bad(`${plural(missedRows, 'row')} missed`);
  const lines = [
    `${right}${missed}, of ${plural(comparedRows, 'row')} in ${plural(comparedTables, 'table')} compared`,
    `${plural(inDays.comparisons, 'comparison')} in these days found ${plural(inDays.missedRows, 'missed row')}`,
  ];
  const wrong = accuracy.tables.filter((table) => table.missedRows > 0);
  for (const table of wrong.slice(0, SHOWN)) {
    lines.push(`${table.table}: ${formatCount(table.missedRows)}, compared ${formatTime(table.comparedAt)}`);
  }
  const causes = Object.entries(accuracy.causes).map(([name, rows]) => `${name} ${formatCount(rows)}`);
  if (causes.length > 0) lines.push(`causes: ${causes.join(', ')}`);
  if (notCompared.length > 0) lines.push(`never compared: ${someOf(notCompared)}`);
  return lines.join('\n');
}

function renderDuplicates({ runs, present }: DuplicatesReport): string {
  const attempts = runs.reduce((sum, run) => sum + run.attempts, 0);
  const lines = [
    attempts === 0
      ? good('no run ended with DUPLICATE_KEY')
      : bad(
          `${plural(attempts, 'run')} ended with DUPLICATE_KEY: ${runs.map(({ table, hop }) => `${table} (${hop})`).join(', ')}`,
        ),
  ];
  const guarded = present.filter(({ by }) => by === 'unique_index').length;
  const counted = present.filter((each) => each.by === 'count');
  const repeated = counted.filter(({ keys }) => keys > 0);
  lines.push(
    `${plural(guarded, 'raw table')} ${guarded === 1 ? 'has' : 'have'} a unique index on the key, ${formatCount(counted.length)} counted`,
  );
  for (const { table, keys, surplusRows } of repeated) {
    lines.push(bad(`${table}: ${plural(keys, 'key')} more than once, ${plural(surplusRows, 'row')} too many`));
  }
  if (repeated.length === 0 && guarded + counted.length > 0) lines.push(good('no key is in raw more than once'));
  for (const each of present) if (each.by === 'unknown') lines.push(`${each.table}: not known, ${each.why}`);
  const absent = present.filter(({ by }) => by === 'absent').length;
  if (absent > 0) lines.push(`${plural(absent, 'table')} not in raw yet`);
  return lines.join('\n');
}

function renderOverhead({ copy, load }: OverheadReport): string {
  const rows = [...rowsOf('copy', copy), ...rowsOf('load', load)];
  return renderTable(rows, [
    { head: 'hop', cell: ({ hop }) => hop },
    { head: 'table', cell: ({ table }) => table },
    { head: 'runs', align: 'right', cell: ({ measured }) => formatCount(measured) },
    { head: 'time', align: 'right', cell: ({ elapsedMs }) => formatDuration(elapsedMs) },
    { head: 'tracking', align: 'right', cell: ({ trackingMs }) => formatDuration(trackingMs) },
    { head: 'of time', align: 'right', cell: ({ timeShare }) => (timeShare === null ? NONE : percent(timeShare)) },
    { head: 'statements', align: 'right', cell: ({ statements }) => formatCount(statements) },
    { head: 'tracking', align: 'right', cell: ({ trackingStatements }) => formatCount(trackingStatements) },
    {
      head: 'of statements',
      align: 'right',
      cell: ({ statementShare }) => (statementShare === null ? NONE : percent(statementShare)),
    },
  ]);
}

/** All of a hop, then the tables on which tracking took longest. */
function rowsOf(hop: string, overhead: HopOverhead): (Overhead & { hop: string; table: string })[] {
  const dearest = overhead.tables.slice(0, SHOWN).map((table) => Object.assign({ hop: '' }, table));
  return [{ ...overhead, hop, table: 'all' }, ...dearest];
}

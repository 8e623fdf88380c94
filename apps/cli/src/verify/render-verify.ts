import {
  bad,
  dim,
  formatCount,
  formatDuration,
  good,
  NONE,
  odd,
  plural,
  renderTable,
} from '@tidemark/command-line/render';
import { NO_FAULT } from '@tidemark/command-line/run';
import type { Cause } from '@tidemark/verifier';

import { provesNothing, type VerifiedTable, type VerifyReport } from './verify-report.ts';

const CAUSES: Readonly<Record<Cause, string>> = {
  late_commit: 'stamped behind what had been copied by then: committed late, or by a slow clock',
  stamp_did_not_move: 'changed in the source without moving the stamp',
  no_stamp_column: 'changed in the source, without a stamp that could tell of it',
  deleted_in_source: 'deleted in the source',
  changed_in_replica: 'changed in the replica by other hands',
  changed_in_raw: 'changed in raw by other hands',
  changed_on_the_way: 'cut, rounded or shifted on the way to raw',
  copy_failed: 'changed in the source and not copied: the last copy failed',
  load_failed: 'copied and not loaded: the last load failed',
};

/** The result for people: a line per table, then what differs and why and what to do, then the sum. */
export function renderVerify({ tables, runId, scope }: VerifyReport, durationMs: number): string {
  if (tables.length === 0) return 'No table is selected.';
  const compared = tables.filter(({ verdict, error }) => verdict !== 'skipped' || error !== undefined);
  return [
    ...(compared.length > 0 ? [renderCompared(compared), ''] : []),
    ...tables
      .filter(({ missing, extra, different, verdict }) => verdict === 'differs' || missing + extra + different > 0)
      .flatMap(renderDifferences),
    ...renderFailed(tables),
    ...renderSkipped(tables),
    ...(provesNothing({ scope, tables }) ? [`${bad('Nothing was compared')}, so nothing is proved.`] : []),
    `${sumOf(tables)}${scope === 'full' ? '' : ` (${scope} only)`}, in ${formatDuration(durationMs)}. ${dim(`Run ${runId}`)}`,
  ].join('\n');
}

function renderCompared(tables: readonly VerifiedTable[]): string {
  return renderTable(tables, [
    { head: 'table', cell: ({ table }) => table },
    { head: 'source', align: 'right', cell: ({ sourceRows }) => count(sourceRows) },
    { head: 'replica', align: 'right', cell: ({ replicaRows }) => count(replicaRows) },
    { head: 'raw', align: 'right', cell: ({ warehouseRows }) => count(warehouseRows) },
    { head: 'missing', align: 'right', cell: ({ missing }) => count(missing || null) },
    { head: 'extra', align: 'right', cell: ({ extra }) => count(extra || null) },
    { head: 'different', align: 'right', cell: ({ different }) => count(different || null) },
    { head: 'pending', align: 'right', cell: ({ pending, inMotion }) => count(pending + inMotion || null) },
    { head: 'time', align: 'right', cell: ({ durationMs }) => formatDuration(durationMs) },
    { head: 'result', cell: resultOf },
  ]);
}

function count(rows: number | null): string {
  return rows === null ? NONE : formatCount(rows);
}

function resultOf({ verdict, error, repaired }: VerifiedTable): string {
  if (error) return NO_FAULT[error.code] ? odd(NO_FAULT[error.code] ?? '') : bad(`failed: ${error.code}`);
  if (verdict === 'match') return good(repaired > 0 ? 'repaired' : 'equal');
  return bad('differs');
}

function renderDifferences(found: VerifiedTable): string[] {
  const counted = new Map(Object.entries(found.causes));
  const columns = Object.entries(found.columns).toSorted((a, b) => b[1] - a[1]);
  return [
    `${found.verdict === 'match' ? good('repaired') : bad('differs')}: ${found.table}`,
    ...Object.entries(CAUSES).flatMap(([name, words]) => {
      const rows = counted.get(name);
      return rows === undefined ? [] : [`  ${plural(rows, 'row')} ${words}`];
    }),
    ...(columns.length > 0
      ? [`  in ${columns.map(([column, rows]) => `${column} (${formatCount(rows)})`).join(', ')}`]
      : []),
    ...found.schema.map((words) => `  ${words}`),
    ...nextStep(found).map((words) => `  → ${words}`),
    '',
  ];
}

function nextStep({ table, schema, verdict, repaired, wouldRepair, error }: VerifiedTable): string[] {
  if (verdict === 'match') return [];
  if (wouldRepair) {
    const { copy, load, refusal } = wouldRepair;
    if (refusal) return [`would be refused (${refusal.code}): ${refusal.message}`, refusal.hint];
    return [`would repair ${plural(copy, 'row')} in the replica and ${plural(load, 'row')} in raw`];
  }
  if (error) return ['not repaired, see below'];
  if (schema.length > 0)
    return [`tidemark run ${table}: it follows the columns or says what to decide; then verify again`];
  if (repaired > 0) {
    return [
      `${plural(repaired, 'row')} repaired; for the rest: tidemark run ${table} --full-refresh, then verify again`,
    ];
  }
  return [`tidemark verify ${table} --repair copies and loads these rows again`];
}

function renderFailed(tables: readonly VerifiedTable[]): string[] {
  const failed = tables.flatMap(({ table, verdict, error }) =>
    error ? [{ table, error, what: verdict === 'skipped' ? 'not compared' : 'not repaired' }] : [],
  );
  const groups = Map.groupBy(failed, ({ what, error: { code, message, hint } }) =>
    [what, code, message, hint].join(' '),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { code, message, hint } = first.error;
    const names = group.map(({ table }) => table).join(', ');
    return [
      `${NO_FAULT[code] ? odd(NO_FAULT[code] ?? '') : bad(first.what)}: ${names}`,
      `  ${message} (${code})`,
      `  → ${hint}`,
      '',
    ];
  });
}

function renderSkipped(tables: readonly VerifiedTable[]): string[] {
  const skipped = tables.filter(({ verdict, error }) => verdict === 'skipped' && error === undefined);
  const groups = [...Map.groupBy(skipped, ({ reason }) => reason ?? NONE)].map(
    ([reason, group]) => `${odd('skipped')} (${reason}): ${group.map(({ table }) => table).join(', ')}`,
  );
  return groups.length > 0 ? [...groups, ''] : [];
}

function sumOf(tables: readonly VerifiedTable[]): string {
  const number = (is: (table: VerifiedTable) => boolean): number => tables.filter(is).length;
  const parts: [number, string, (text: string) => string][] = [
    [number(({ verdict }) => verdict === 'differs'), 'differ', bad],
    [number(({ verdict, error }) => verdict === 'skipped' && error !== undefined), 'not compared', bad],
    [number(({ verdict, error }) => verdict === 'skipped' && error === undefined), 'skipped', odd],
  ];
  return [
    plural(tables.length, 'table'),
    `${formatCount(number(({ verdict }) => verdict === 'match'))} equal`,
    ...parts.flatMap(([many, word, colour]) => (many > 0 ? [colour(`${formatCount(many)} ${word}`)] : [])),
  ].join(', ');
}

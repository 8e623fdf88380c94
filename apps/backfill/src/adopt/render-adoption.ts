import { bad, formatCount, odd, plural } from '@tidemark/command-line/render';
import { renderRun } from '@tidemark/command-line/run';

import type { Adoption } from './adopt-tables.ts';
import type { TableSurvey } from './survey-tables.ts';

/** Names of a list that are told; the report in JSON has all of them. */
const NAMED = 10;

/** What was taken over, or would be, for people. */
export function renderAdoption({ report, finished }: Adoption): string {
  const { tables } = report;
  if (tables.length === 0) return 'Nothing to take over: no table holds rows that Tidemark has not brought there.';
  const ready = tables.filter(({ mustChange }) => mustChange.length === 0);
  const described = [...renderBlocked(tables), ...renderKept(ready), ...renderChanges(ready)];
  return [...described, finished === null ? sumOf(ready) : renderFinished(finished)].join('\n');
}

function sumOf(ready: readonly TableSurvey[]): string {
  if (ready.length === 0) return 'No table can be taken over as it is.';
  const firstCopied = ready.filter(({ replica }) => replica !== 'filled').map(({ table }) => table);
  const copied = firstCopied.length > 0 ? `; the replica lacks ${someOf(firstCopied)}: copied whole` : '';
  return `${plural(ready.length, 'table')} would be taken over, nothing was changed${copied}`;
}

function renderFinished({ report, outcomes, durationMs }: NonNullable<Adoption['finished']>): string {
  return renderRun({ runId: report.runId, hops: ['copy', 'load'], outcomes, durationMs });
}

function renderBlocked(tables: readonly TableSurvey[]): string[] {
  return tables
    .filter(({ mustChange }) => mustChange.length > 0)
    .flatMap(({ table, mustChange }) => [
      `${bad('must be changed first')}: ${table}\n  ${mustChange.join('\n  ')}`,
      '',
    ]);
}

/** Many columns keep the same type: told once, lengths left out. */
function renderKept(ready: readonly TableSurvey[]): string[] {
  const kept = ready.flatMap(({ table, keeps }) =>
    keeps.map(({ column, type, usual }) => ({
      name: `${table}.${column}`,
      types: `${type.replace(/\(\d+\)/, '(…)')}, usually ${usual}`,
    })),
  );
  return renderGroups(
    odd('types that stay in raw'),
    [...Map.groupBy(kept, ({ types }) => types)].map(([types, group]) => [types, group.map(({ name }) => name)]),
  );
}

/** Most tables are changed in the same way. */
function renderChanges(ready: readonly TableSurvey[]): string[] {
  const changes = ready.flatMap(({ table, changes: each }) => each.map((change) => ({ table, change })));
  return renderGroups(
    odd('changed on the way'),
    [...Map.groupBy(changes, ({ change }) => change)].map(([change, group]) => [
      change,
      group.map(({ table }) => table),
    ]),
  );
}

function renderGroups(head: string, groups: readonly (readonly [what: string, names: readonly string[]])[]): string[] {
  if (groups.length === 0) return [];
  return [`${head}:`, ...groups.map(([what, names]) => `  ${what}: ${someOf(names)}`), ''];
}

function someOf(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`;
}

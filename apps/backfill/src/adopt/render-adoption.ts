import { bad, odd, plural, renderTable, NONE } from '@tidemark/command-line/render';
import { renderRun } from '@tidemark/command-line/run';

import type { Adoption } from './adopt-tables.ts';
import type { TableSurvey } from './survey-tables.ts';

/** What was taken over, or would be, for people. */
export function renderAdoption({ report, finished }: Adoption): string {
  const { tables } = report;
  if (tables.length === 0) return 'Nothing to take over: no table holds rows that Tidemark has not brought there.';
  const ready = tables.filter(({ mustChange }) => mustChange.length === 0);
  return [
    ...renderBlocked(tables),
    ...renderKept(ready),
    ...(finished === null ? renderReady(ready) : [renderFinished(finished)]),
  ].join('\n');
}

function renderReady(ready: readonly TableSurvey[]): string[] {
  if (ready.length === 0) return ['No table can be taken over as it is.'];
  return [
    renderTable(ready, [
      { head: 'to take over', cell: ({ table }) => table },
      { head: 'replica', cell: ({ replica }) => replica },
      { head: 'raw', cell: ({ raw }) => raw },
      { head: 'changed on the way', cell: ({ changes }) => (changes.length === 0 ? NONE : changes.join('; ')) },
    ]),
    '',
    `${plural(ready.length, 'table')} would be taken over; nothing was changed`,
  ];
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

/** The same type is kept in many columns: told once, with the columns. */
function renderKept(ready: readonly TableSurvey[]): string[] {
  const kept = ready.flatMap(({ table, keeps }) =>
    keeps.map(({ column, type, usual }) => ({ name: `${table}.${column}`, types: `${type} (usually ${usual})` })),
  );
  const groups = [...Map.groupBy(kept, ({ types }) => types)];
  if (groups.length === 0) return [];
  return [
    `${odd('kept as they are in raw')}:`,
    ...groups.map(([types, columns]) => `  ${types}: ${columns.map(({ name }) => name).join(', ')}`),
    '',
  ];
}

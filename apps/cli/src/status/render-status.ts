import {
  bad,
  formatCount,
  formatDuration,
  formatTime,
  good,
  NONE,
  odd,
  plural,
  renderTable,
} from '@tidemark/command-line/render';

import type { StatusReport, TableStatus } from './read-status.ts';

/** The three tiers side by side for people. */
export function renderStatus({ tables }: StatusReport): string {
  if (tables.length === 0)
    return 'No table is configured or recorded. `tidemark run` copies and loads all of the source.';
  const hasModels = tables.some(({ transform }) => transform !== null);
  const listing = renderTable(tables, [
    { head: 'table', cell: ({ table }) => table },
    { head: 'copy', cell: ({ copy }) => word(copy) },
    { head: 'last copied', cell: ({ copy }) => formatTime(copy?.lastCopied ?? null) },
    { head: 'load', cell: ({ load }) => word(load) },
    { head: 'last loaded', cell: ({ load }) => formatTime(load?.lastLoaded ?? null) },
    { head: 'rows', align: 'right', cell: ({ load }) => (load?.lastLoaded ? formatCount(load.rowsLoaded) : NONE) },
    ...(hasModels ? [{ head: 'transform', cell: ({ transform }: TableStatus) => word(transform) }] : []),
    { head: 'raw as of', cell: ({ load }) => formatTime(load?.sourceAsOf ?? null) },
    {
      head: 'lag',
      align: 'right',
      cell: ({ lagSeconds }) => (lagSeconds === null ? NONE : formatDuration(lagSeconds * 1000)),
    },
    { head: 'proved', cell: ({ provedAt }) => formatTime(provedAt) },
    { head: 'last error', cell: lastErrorOf },
  ]);
  return `${listing}\n\n${sumOf(tables)}`;
}

function word(tier: { readonly status: string } | null): string {
  if (tier === null) return NONE;
  if (tier.status === 'failed') return bad(tier.status);
  return tier.status === 'success' ? good(tier.status) : odd(tier.status);
}

/** The error of the earliest hop that failed: the later ones could not go on without it. */
function lastErrorOf({ copy, load, transform }: TableStatus): string {
  const failed = [copy, load, transform].find((tier) => tier?.status === 'failed');
  if (!failed) return NONE;
  const times = failed.consecutiveFailures > 1 ? `, ${failed.consecutiveFailures} times in a row` : '';
  return bad(`${failed.lastError ?? 'failed'}${times}`);
}

function sumOf(tables: readonly TableStatus[]): string {
  const isFailed = ({ copy, load }: TableStatus): boolean => copy?.status === 'failed' || load?.status === 'failed';
  const failed = tables.filter(isFailed).length;
  const loaded = tables.filter((table) => !isFailed(table) && table.load?.status === 'success').length;
  const waiting = tables.length - failed - loaded;
  return [
    plural(tables.length, 'table'),
    `${formatCount(loaded)} loaded`,
    ...(failed > 0 ? [bad(`${formatCount(failed)} failed`)] : []),
    ...(waiting > 0 ? [`${formatCount(waiting)} not loaded yet`] : []),
  ].join(', ');
}

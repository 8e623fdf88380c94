import { formatCount, formatTime, good, NONE, odd, plural, renderTable } from '@tidemark/command-line/render';

import { renderAdoption } from './adopt/render-adoption.ts';
import type { BackfillReport, FinishedBackfill, OlderRecord, TierReport } from './backfill.ts';
import type { Share } from './records/judge-tier.ts';

/** Names of a list that are told; the report in JSON has all of them. */
const NAMED = 12;

/** The report for people. */
export function renderBackfill({ report, adoption }: FinishedBackfill): string {
  const { dryRun, tables, tiers } = report;
  const incremental = `${formatCount(tables.withIncrementalColumns)} of them with incremental_columns`;
  const created = tiers.reduce((sum, tier) => sum + tier.created.length, 0);
  return [
    renderTable(tiers, [
      { head: 'tier', cell: ({ tier }) => tier },
      { head: 'records in', cell: ({ statusTable }) => statusTable },
      {
        head: dryRun ? 'to create' : 'created',
        align: 'right',
        cell: (tier) => formatCount(tier.created.length),
      },
      { head: 'with incremental_columns', cell: ({ before, after }) => change(before.incremental, after.incremental) },
      { head: 'all that are synced', cell: ({ before, after }) => change(before.synced, after.synced) },
    ]),
    '',
    ...(dryRun ? renderToCreate(tiers) : []),
    ...tiers.flatMap(renderOlder),
    ...tiers.flatMap(renderStrangers),
    ...renderSkipped(report),
    `${plural(tables.synced, 'table')} synced, ${incremental}; ${outcome(created, dryRun)}`,
    ...(adoption === null ? [] : ['', renderAdoption(adoption)]),
  ].join('\n');
}

/** `1 of 148 (0 %) → 148 of 148 (100 %)` */
function change(before: Share, after: Share): string {
  return before.recorded === after.recorded ? share(after) : `${share(before)} → ${share(after)}`;
}

function share({ recorded, of, percent }: Share): string {
  if (percent === null) return NONE;
  const text = `${formatCount(recorded)} of ${formatCount(of)} (${percent} %)`;
  return percent === 100 ? good(text) : odd(text);
}

/** Tables grouped by the tiers that lack them: at a rollout that is one long list and not three. */
function renderToCreate(tiers: readonly TierReport[]): string[] {
  const lacking = new Map<string, string[]>();
  for (const { tier, created } of tiers) {
    for (const table of created) lacking.set(table, [...(lacking.get(table) ?? []), tier]);
  }
  const groups = Map.groupBy(lacking, ([, names]) => names.join(', '));
  return [...groups].flatMap(([names, group]) => [
    `${odd('to create')} (${names}): ${group.map(([table]) => table).join(', ')}`,
    '',
  ]);
}

/** What an older pipeline wrote: told so that nobody wonders why a table with an old success is read whole. */
function renderOlder({ tier, older }: TierReport): string[] {
  if (older.length === 0) return [];
  const groups = [...Map.groupBy(older, ({ state }) => state)].map(([state, group]) => `${group.length} ${state}`);
  return [
    `${odd('from another pipeline')} (${tier}): ${plural(older.length, 'record')} (${groups.join(', ')}), kept as they are`,
    ...older.slice(0, NAMED).map((record) => `  ${describe(record)}`),
    ...(older.length > NAMED ? [`  and ${formatCount(older.length - NAMED)} more`] : []),
    ...(tier === 'transform'
      ? []
      : ['  They are no state to go on from: the first run of these tables reads everything.']),
    '',
  ];
}

function describe({ table, state, lastSucceededAt, rows }: OlderRecord): string {
  const when = lastSucceededAt === null ? '' : `, ${formatTime(lastSucceededAt)}`;
  return `${table}: ${state}${when}${rows > 0 ? `, ${plural(rows, 'row')}` : ''}`;
}

function renderStrangers({ tier, strangers }: TierReport): string[] {
  if (strangers.length === 0) return [];
  return [`${odd('not synced')} (${tier}): records of ${someOf(strangers)}, kept as they are`, ''];
}

function renderSkipped({ skipped }: BackfillReport): string[] {
  const groups = [...Map.groupBy(skipped, ({ reason }) => reason)];
  return groups.flatMap(([reason, group]) => [
    `${odd('left out')} (${reason}): ${someOf(group.map(({ table }) => table))}`,
    '',
  ]);
}

function someOf(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`;
}

function outcome(created: number, dryRun: boolean): string {
  if (dryRun) return `${plural(created, 'record')} would be created; nothing was written`;
  return created === 0 ? 'every record was there already' : `${plural(created, 'record')} created`;
}

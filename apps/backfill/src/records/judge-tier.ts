import { isModelOf } from '@tidemark/command-line/run';
import type { TrackingRecord } from '@tidemark/tracking';

export type TierName = 'copy' | 'load' | 'transform';

/** Tables that should have a record, in the source's spelling. */
export interface WantedTables {
  readonly synced: readonly string[];
  /** Those of them that have incremental_columns in tables.yml: what the coverage of the plan counts. */
  readonly incremental: readonly string[];
}

export interface Share {
  readonly recorded: number;
  readonly of: number;
  /** Rounded down, so that 100 means all; null where there is nothing to cover. */
  readonly percent: number | null;
}

export interface Coverage {
  readonly incremental: Share;
  readonly synced: Share;
}

/** What is known of one status table. */
export interface TierState {
  readonly missing: readonly string[];
  readonly coverage: Coverage;
  /** Records that another pipeline wrote, of synced tables and of others. */
  readonly older: readonly TrackingRecord[];
  /** Names of records that no synced table has. */
  readonly strangers: readonly string[];
}

/** Compares the records of a tier with the tables that should have one. Pure. */
export function judgeTier(tier: TierName, wanted: WantedTables, records: readonly TrackingRecord[]): TierState {
  const recorded = new Set(coveredBy(tier, wanted.synced, records));
  const names = new Set(wanted.synced);
  return {
    missing: wanted.synced.filter((table) => !recorded.has(table)),
    coverage: { incremental: shareOf(wanted.incremental, recorded), synced: shareOf(wanted.synced, recorded) },
    older: records.filter(({ writtenBy }) => writtenBy === 'older'),
    // Models are dbt's: most of them belong to no single table.
    strangers: tier === 'transform' ? [] : records.map(({ table }) => table).filter((table) => !names.has(table)),
  };
}

/** Coverage once the tables that lack a record have one. */
export function completed(wanted: WantedTables): Coverage {
  const all = new Set(wanted.synced);
  return { incremental: shareOf(wanted.incremental, all), synced: shareOf(wanted.synced, all) };
}

function coveredBy(tier: TierName, tables: readonly string[], records: readonly TrackingRecord[]): string[] {
  const names = new Set(records.map(({ table }) => table));
  if (tier !== 'transform') return tables.filter((table) => names.has(table));
  return tables.filter((table) => names.has(table) || records.some((record) => isModelOf(record.table, table)));
}

function shareOf(tables: readonly string[], recorded: ReadonlySet<string>): Share {
  const have = tables.filter((table) => recorded.has(table)).length;
  const percent = tables.length === 0 ? null : Math.floor((have * 100) / tables.length);
  return { recorded: have, of: tables.length, percent };
}

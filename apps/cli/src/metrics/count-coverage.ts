import { tableSettings, type TablesFile } from '@tidemark/config';
import type { HopState, TransformState } from '@tidemark/tracking';

import { isModelOf } from '@tidemark/command-line/run';
import type { CoverageReport, Share, TierCoverage } from './metrics-report.ts';

export interface CoverageInput {
  /** Configured, or recorded. */
  readonly tables: readonly string[];
  readonly file: TablesFile | null;
  readonly copied: readonly HopState[];
  readonly loaded: readonly HopState[];
  readonly transformed: readonly TransformState[];
}

/** How many tables have a record of a success in each tier. A record that is seeded or failed at once is none. */
export function countCoverage({ tables, file, copied, loaded, transformed }: CoverageInput): CoverageReport {
  const recordOf = new Map(copied.map((state) => [state.table, state]));
  const incremental = tables.filter((table) => hasIncrementalColumns(file, table, recordOf.get(table)));
  const tier = (isCovered: (table: string) => boolean): TierCoverage => ({
    incremental: shareOf(incremental, isCovered),
    synced: shareOf(tables, isCovered),
  });
  const transforms = transformed.filter(({ lastSucceededAt }) => lastSucceededAt !== null);
  return {
    copy: tier(succeededIn(copied)),
    load: tier(succeededIn(loaded)),
    transform:
      transformed.length === 0 ? null : tier((table) => transforms.some(({ model }) => isModelOf(model, table))),
  };
}

function hasIncrementalColumns(file: TablesFile | null, table: string, record: HopState | undefined): boolean {
  const configured = tableSettings(file, table).incrementalColumns;
  return configured === null ? Object.keys(record?.watermarks ?? {}).length > 0 : configured.length > 0;
}

function succeededIn(states: readonly HopState[]): (table: string) => boolean {
  const succeeded = new Set(states.filter((state) => state.succeeded).map((state) => state.table));
  return (table) => succeeded.has(table);
}

function shareOf(tables: readonly string[], isCovered: (table: string) => boolean): Share {
  const missing = tables.filter((table) => !isCovered(table));
  return { total: tables.length, covered: tables.length - missing.length, missing };
}

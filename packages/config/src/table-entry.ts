import type { IncrementalLogic } from '@tidemark/incremental';

import type { OwnSettings, TableEntry } from './tables-file.ts';
import { tableSchema, type ParsedOwn, type ParsedTable } from './tables-schema.ts';

/** What the older pipeline's `incremental_strategy` says of the logic; its other words say nothing of it. */
const LOGIC_OF: Readonly<Record<string, IncrementalLogic>> = { and_logic: 'and', or_logic: 'or' };

/** The checked values of one table, under the names the code uses. */
export function readTableEntry(key: string, parsed: ParsedTable): TableEntry {
  const own = readOwnSettings(parsed);
  const olderLogic = LOGIC_OF[parsed.incremental_strategy ?? ''] ?? null;
  return {
    key,
    table: parsed.table_name ?? key,
    strategy: parsed.extraction_strategy ?? null,
    incrementalColumns: parsed.incremental_columns ?? null,
    primaryKey: parsed.primary_key ?? null,
    batchRows: parsed.batch_size ?? null,
    estimatedRows: parsed.estimated_rows ?? null,
    estimatedSizeMb: parsed.estimated_size_mb ?? null,
    performanceCategory: parsed.performance_category ?? null,
    monitoring: parsed.monitoring ?? null,
    own: { ...own, incrementalLogic: own.incrementalLogic ?? olderLogic },
    other: Object.fromEntries(Object.entries(parsed).filter(([name]) => !Object.hasOwn(tableSchema.shape, name))),
  };
}

export function readOwnSettings(parsed: ParsedOwn): OwnSettings {
  return {
    lookbackSeconds: parsed.lookback ?? null,
    incrementalLogic: parsed.incremental_logic ?? null,
    columnQuality: parsed.column_quality ?? null,
    deletes: parsed.deletes ?? null,
    tags: parsed.tags ?? null,
    timeColumnZone: parsed.time_column_zone ?? null,
    digestEvery: parsed.digest_every ?? null,
    fullTableBelowRows: parsed.full_table_below_rows ?? null,
  };
}

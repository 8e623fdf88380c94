import { stringify } from 'yaml';
import { rowCounts } from './build/row-counts.ts';
import { CLINIC_TABLES, type ClinicTable } from './schema/clinic-tables.ts';

/** What {@link tablesYml} writes the file for. */
export interface TablesYmlOptions {
  /** Sizes are those of a practice that `buildClinic` made with so many patients, not those of the real one. */
  readonly patients?: number;
}

const HEADER = `# Generated from the facts of the sample practice. Do not edit by hand.
# The format is the one that practices already have: key and mutation stamp as incremental columns, no business dates.
`;

/** Tables without a stamp that are small enough to be read whole. */
const FULL_BELOW_ROWS = 5000;

/** The text of a tables.yml for the 68 tables, as the older schema analyzer (4.1) wrote it. */
export function tablesYml(options: TablesYmlOptions = {}): string {
  const counts = options.patients === undefined ? undefined : rowCounts(options.patients);
  const file = {
    metadata: {
      generated_at: '2025-03-31T18:00:00',
      analyzer_version: '4.1',
      configuration_version: '4.1',
      source_database: 'opendental',
      total_tables: CLINIC_TABLES.length,
      environment: 'local',
    },
    tables: Object.fromEntries(
      CLINIC_TABLES.map((table) => [table.name, tableEntry(table, counts?.get(table.name) ?? table.clinicRows)]),
    ),
  };
  return HEADER + stringify(file, { lineWidth: 120 });
}

function tableEntry(table: ClinicTable, rows: number): Readonly<Record<string, unknown>> {
  const { name, key, stamp } = table;
  const megabytes = Number(((table.clinicMegabytes * rows) / table.clinicRows).toFixed(2));
  const size = sizeOf(rows);
  return {
    table_name: name,
    extraction_strategy: strategyOf(table),
    estimated_rows: rows,
    estimated_size_mb: megabytes,
    batch_size: size.batch,
    incremental_columns: stamp === undefined ? [key] : [key, stamp],
    incremental_strategy: stamp === undefined ? 'single_column' : 'or_logic',
    primary_incremental_column: stamp ?? key,
    primary_key: key,
    sync_profile: stamp === undefined ? 'append_only' : 'in_place_updates',
    replicator_watermark_column: stamp ?? null,
    column_names: table.columns.map((column) => column.name),
    performance_category: size.category,
    processing_priority: size.priority,
    time_gap_threshold_days: 30,
    estimated_processing_time_minutes: Number((0.1 + rows / 200_000).toFixed(1)),
    memory_requirements_mb: Math.max(10, Math.round(megabytes)),
    is_modeled: true,
    dbt_model_types: ['staging'],
    monitoring: { alert_on_failure: true, alert_on_slow_extraction: size.category === 'large' },
    last_analyzed: '2025-03-31T18:00:00',
  };
}

function strategyOf({ stamp, clinicRows }: ClinicTable): 'incremental' | 'full_table' | 'digest' {
  if (stamp !== undefined) return 'incremental';
  return clinicRows < FULL_BELOW_ROWS ? 'full_table' : 'digest';
}

interface Size {
  readonly category: 'tiny' | 'small' | 'medium' | 'large';
  readonly batch: number;
  readonly priority: 'low' | 'medium' | 'high';
}

function sizeOf(rows: number): Size {
  if (rows >= 1_000_000) return { category: 'large', batch: 100_000, priority: 'high' };
  if (rows >= 100_000) return { category: 'medium', batch: 50_000, priority: 'high' };
  if (rows >= 10_000) return { category: 'small', batch: 25_000, priority: 'medium' };
  return { category: 'tiny', batch: 10_000, priority: 'low' };
}

/**
 * A tables.yml as the older pipeline's generator writes it, for any number of tables: nulls, empty lists, keys that
 * mean nothing here, hashes beyond 2^53, block lists at the indentation of their key.
 */
export function existingFormat(tables: number): string {
  const entries = Array.from({ length: tables }, (_, index) => entryOf(`table${index}`, index));
  return [
    'metadata:',
    "  generated_at: '2026-01-02T02:00:41.610665'",
    "  configuration_version: '4.1'",
    `  total_tables: ${tables}`,
    '  optimization_features:',
    '  - adaptive_batch_sizing',
    'tables:',
    ...entries.flat(),
    '',
  ].join('\n');
}

function entryOf(name: string, index: number): string[] {
  const isLarge = index % 6 === 0;
  const hasKey = index % 40 !== 39;
  const key = `Table${index}Num`;
  return [
    `  ${name}:`,
    `    table_name: ${name}`,
    `    extraction_strategy: ${isLarge ? (index % 12 === 0 ? 'incremental_chunked' : 'incremental') : 'full_table'}`,
    `    estimated_rows: ${index * 1000}`,
    `    estimated_size_mb: ${(index / 7).toFixed(2)}`,
    `    batch_size: ${isLarge ? 100_000 : 10_000}`,
    ...(hasKey ? ['    incremental_columns:', `    - ${key}`] : ['    incremental_columns: []']),
    ...(isLarge && hasKey ? ['    - SecDateTEdit'] : []),
    `    incremental_strategy: ${hasKey ? (isLarge ? 'or_logic' : 'single_column') : 'none'}`,
    `    primary_incremental_column: ${hasKey ? key : 'null'}`,
    '    sync_profile: append_only',
    `    replicator_watermark_column: ${hasKey ? key : 'null'}`,
    '    is_modeled: false',
    '    dbt_model_types: []',
    '    column_names:',
    ...Array.from({ length: 12 }, (_, column) => `    - Column${column}`),
    `    performance_category: ${isLarge ? 'medium' : 'tiny'}`,
    '    processing_priority: medium',
    '    time_gap_threshold_days: 7',
    '    estimated_processing_time_minutes: 0.0',
    '    memory_requirements_mb: 14',
    '    monitoring:',
    '      alert_on_failure: false',
    '      alert_on_slow_extraction: false',
    '    schema_hash: -5050988666268087760',
    "    last_analyzed: '2026-01-02T02:00:44.461468'",
    ...(hasKey ? [`    primary_key: ${key}`] : []),
  ];
}

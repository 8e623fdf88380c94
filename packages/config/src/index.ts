export { parseDuration, renderDuration } from './duration.ts';
export { CONNECTION_KINDS } from './endpoint.ts';
export type {
  ConnectionKind,
  ConnectionName,
  Connections,
  PostgresEndpoint,
  SslMode,
  SslSettings,
} from './endpoint.ts';
export { processEnvironment } from './environment.ts';
export { updateEntry, type EntryChange } from './update-entry.ts';
export type { Environment, EnvironmentLayer } from './environment.ts';
export { extendTables } from './extend-tables.ts';
export { keepSeconds } from './keep-seconds.ts';
export { loadEnvFile, type EnvFileOptions } from './load-env-file.ts';
export { loadConfiguredTables, loadTablesFile } from './load-tables-file.ts';
export { parseTables } from './parse-tables.ts';
export { readConnections } from './read-connections.ts';
export { isMissing, readTextFile, whyUnreadable } from './read-text-file.ts';
export { renderFile, type NewEntry, type NewFile } from './render-entries.ts';
export { resolveTables } from './resolve-tables.ts';
export type { ResolvedTables, ResolveInput, SkippedTable, TableSkipReason } from './resolve-tables.ts';
export { readRunSettings } from './run-settings.ts';
export type { RunFlags, RunSettings, Setting, SettingOrigin } from './run-settings.ts';
export { selectTables, type Selection } from './select-tables.ts';
export { TABLE_DEFAULTS, tableSettings, toPlanSettings, type TableSettings } from './table-settings.ts';
export { EVERY_COLUMN, LOG_LEVELS } from './tables-file.ts';
export type {
  DeletePolicy,
  KeepSettings,
  LogLevel,
  LookbackSeconds,
  OwnSettings,
  RunDefaults,
  SourceSettings,
  TableEntry,
  TablesFile,
  TimeWindow,
} from './tables-file.ts';

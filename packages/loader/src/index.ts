export { loadTable } from './load-table.ts';
export { postgresName } from './postgres-name.ts';
export { postgresType } from './postgres-type.ts';
export type { DeletePolicy, LoadDeps, LoadInput, LoadSettings } from './types.ts';

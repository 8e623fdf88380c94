export { countRepeatedKeys, type KeyedTable, type RepeatedKeys } from './count-repeated-keys.ts';
export { foreseeRepair, type ForeseenRepair } from './foresee-repair.ts';
export { loadTable } from './load-table.ts';
export { postgresName, quoteName } from './postgres-name.ts';
export { postgresType } from './postgres-type.ts';
export { listRaw, surveyRaw, type RawSurvey, type SurveyRawInput } from './survey-raw.ts';
export type { DeletePolicy, LoadDeps, LoadInput, LoadSettings, NamedRows } from './types.ts';

export { buildClinic, type BuildClinicOptions } from './build/build-clinic.ts';
export { CANARY } from './chance/canary.ts';
export type { DayAccount, TableAccount } from './day/account.ts';
export { dayAtTheClinic, type DayOptions } from './day/day-at-the-clinic.ts';
export {
  CLINIC_PATIENTS,
  CLINIC_TABLES,
  type ClinicColumn,
  type ClinicTable,
  clinicTable,
} from './schema/clinic-tables.ts';
export { createTables, type CreateTablesOptions } from './schema/create-tables.ts';
export { tablesYml, type TablesYmlOptions } from './tables-yml.ts';

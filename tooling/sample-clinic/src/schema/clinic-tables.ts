import tables from './tables.json' with { type: 'json' };

/** One column as OpenDental 24.1 declares it on MariaDB. */
export interface ClinicColumn {
  readonly name: string;
  /** The server's own spelling, such as `tinyint(3) unsigned`. */
  readonly type: string;
  readonly nullable?: boolean;
  readonly indexed?: boolean;
  /** The literal as it stands in DDL, quotes included. Stamps have no entry: theirs is the current time. */
  readonly default?: string;
  readonly autoIncrement?: boolean;
}

/** One of the 68 tables. */
export interface ClinicTable {
  readonly name: string;
  /** The single key column. */
  readonly key: string;
  /** The column that the server moves on every update; 33 tables have none. */
  readonly stamp?: string;
  /** Columns of the index that leads with the stamp; only 11 tables have one. */
  readonly stampIndex?: readonly string[];
  /** Rows this table had in one real practice of 35,135 patients. */
  readonly clinicRows: number;
  /** Its size there, data and indexes, in megabytes. */
  readonly clinicMegabytes: number;
  readonly columns: readonly ClinicColumn[];
}

/** Patients of the practice that `clinicRows` was counted in. */
export const CLINIC_PATIENTS = 35_135;

const facts: Readonly<Record<string, Omit<ClinicTable, 'name'>>> = tables;

/** The 68 tables, in alphabetical order. */
export const CLINIC_TABLES: readonly ClinicTable[] = Object.entries(facts).map(([name, fact]) =>
  Object.assign({ name }, fact),
);

const byName = new Map(CLINIC_TABLES.map((table) => [table.name, table]));

/** The table of that name. @throws when it is not one of the 68. */
export function clinicTable(name: string): ClinicTable {
  const table = byName.get(name);
  if (table === undefined) throw new Error(`${name} is not one of the practice's tables`);
  return table;
}

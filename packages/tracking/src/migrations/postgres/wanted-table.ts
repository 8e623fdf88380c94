/** A column as a migration wants it on PostgreSQL. */
export interface WantedColumn {
  readonly name: string;
  /** Type as it stands in DDL: `timestamp(6)`. */
  readonly type: string;
  /** `data_type`s of information_schema that need no change; an empty list leaves whatever is there. */
  readonly accepts: readonly string[];
  readonly notNull?: boolean;
  /** SQL of the default. */
  readonly default?: string;
  /** Conversion of a column of another type; a plain cast where not given. `?` stands for the column. */
  readonly convert?: Readonly<Record<string, string>>;
}

export interface WantedTable {
  readonly name: string;
  /** Besides `id`, which every table has. */
  readonly columns: readonly WantedColumn[];
  readonly indexes: readonly WantedIndex[];
}

export interface WantedIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique?: boolean;
}

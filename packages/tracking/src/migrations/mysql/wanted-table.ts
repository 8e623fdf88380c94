/** A column as a migration wants it on MySQL or MariaDB. */
export interface WantedColumn {
  readonly name: string;
  /** Type as it stands in DDL: `DATETIME(6)`. */
  readonly type: string;
  /** `DATA_TYPE`s of information_schema that need no change; an empty list leaves whatever is there. */
  readonly accepts: readonly string[];
  readonly notNull?: boolean;
  /** SQL of the default. */
  readonly default?: string;
  readonly onUpdate?: string;
  readonly autoIncrement?: boolean;
  /** Digits after the second, or characters: an existing column with fewer is widened. */
  readonly size?: number;
  readonly collation?: string;
}

export interface WantedTable {
  readonly name: string;
  readonly columns: readonly WantedColumn[];
  /** The one column that is unique by itself, besides the id; null where there is none. */
  readonly unique: string | null;
  readonly indexes: readonly WantedIndex[];
}

export interface WantedIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique?: boolean;
}

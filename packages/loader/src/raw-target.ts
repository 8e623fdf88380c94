import type { ColumnDescription } from '@tidemark/mysql';

/** One column that is loaded: where it comes from and what it is in raw. */
export interface TargetColumn {
  readonly source: ColumnDescription;
  /** Name in raw, as PostgreSQL keeps it. */
  readonly name: string;
  /** Type in raw, as `format_type` prints it. */
  readonly type: string;
  readonly isKey: boolean;
}

/** The raw table of one load, reconciled with the replica. */
export interface RawTarget {
  readonly schema: string;
  readonly name: string;
  /** Schema and name, quoted. */
  readonly qualified: string;
  readonly columns: readonly TargetColumn[];
  readonly keyColumns: readonly TargetColumn[];
  /** False: the load creates it in its own transaction, so that nobody sees it half full. */
  readonly exists: boolean;
  /** Whether any row is in it. */
  readonly hasRows: boolean;
  /** False: PostgreSQL takes no COPY into a table whose row level security applies to the user, though it hides nothing. */
  readonly takesCopy: boolean;
  /** A column was added or widened just now: rows loaded earlier are not what the replica holds. */
  readonly changed: boolean;
  /** Whether raw has the column that marks rows as deleted. */
  readonly marksDeleted: boolean;
}

/** Column of raw that says when a row was found to be gone from the source (`deletes: flag`). */
export const DELETED_AT_COLUMN = '_tidemark_deleted_at';

/** The columns of the key, in its order. */
export function inKeyOrder(columns: readonly TargetColumn[], key: readonly string[]): TargetColumn[] {
  return key.flatMap((name) => columns.filter((column) => column.source.name === name));
}

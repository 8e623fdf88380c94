import type { Draw } from '../chance/draw.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { Practice, Row } from '../build/practice.ts';

/** Which rows of a table an act takes. */
interface Choice {
  readonly table: string;
  /** A condition in SQL, without values of rows: `AptStatus = 1`. */
  readonly where?: string;
  /** Of the rows that fulfil it, this share, but not fewer than `atLeast` (one unless said). */
  readonly share: number;
  readonly atLeast?: number;
}

/** What the values of an edit may depend on. */
export interface EditInput {
  /** The row as it is: its key and the columns named in `reads`, as text. */
  readonly row: Readonly<Record<string, string | null>>;
  readonly draw: Draw;
  readonly practice: Practice;
  /** The clock on the wall when the edit is made. */
  readonly clock: WallClock;
}

/** New rows, made as the history was. */
export interface Insert {
  readonly kind: 'insert';
  readonly table: string;
  /** Share of the rows the table has. */
  readonly share: number;
  readonly atLeast?: number;
  /** As many rows as the day has just added to that table, instead. */
  readonly asManyAs?: string;
}

/** Rows changed in place. A row that is left as it was is not counted. */
export interface Edit extends Choice {
  readonly kind: 'edit';
  readonly reads?: readonly string[];
  readonly set: (input: EditInput) => Row;
  /** The edit marks the rows as deleted. */
  readonly softDeletes?: boolean;
  /** Rows in other tables that go with the ones marked. */
  readonly takesAlong?: readonly Follower[];
}

/** Rows really deleted. */
export interface Removal extends Choice {
  readonly kind: 'remove';
  /** The oldest rows instead of any. */
  readonly oldestFirst?: boolean;
  /** Rows in other tables that go with them. */
  readonly takesAlong?: readonly Follower[];
  /** Columns in other tables that pointed at them and are set to 0, with no stamp to tell of it. */
  readonly unlinks?: readonly Follower[];
}

/** A column that points at a row removed or marked. */
export interface Follower {
  readonly table: string;
  readonly column: string;
}

/** One thing done in the day. */
export type Act = Insert | Edit | Removal;

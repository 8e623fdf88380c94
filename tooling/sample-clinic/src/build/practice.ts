import { CANARY } from '../chance/canary.ts';
import type { Draw } from '../chance/draw.ts';
import type { WallClock } from '../clock/wall-clock.ts';

/** One value as it goes into SQL. Dates, times and keys beyond 2^53 are text. */
export type Value = string | number | null;

/** Values of one row by column; a column left out gets what is usual for it. */
export type Row = Readonly<Record<string, Value | undefined>>;

/** What every part of one practice agrees on. */
export interface PracticeRules {
  readonly seed: number;
  /** Years of history being made up, or one day's work. */
  readonly phase: 'history' | 'day';
  /** The clock on the wall when the work is done. */
  readonly now: WallClock;
  /** Marks every text and key, see {@link CANARY}. */
  readonly canary: boolean;
}

/** What the rows made so far have to know about each other: mostly keys, so that links lead somewhere. */
export class Practice {
  readonly rules: PracticeRules;
  readonly #rows = new Map<string, Row[]>();
  readonly #byPatient = new Map<string, Map<string, Row[]>>();
  readonly #firstAdded = new Map<string, number>();

  constructor(rules: PracticeRules) {
    this.rules = rules;
  }

  /** Keeps a row for others to link to. */
  remember(table: string, row: Row): void {
    append(this.#rows, table, row);
    const patient = row['PatNum'];
    if (patient === undefined) return;
    const rows = this.#byPatient.get(table) ?? new Map<string, Row[]>();
    this.#byPatient.set(table, rows);
    append(rows, String(patient), row);
  }

  /** The rows kept of a table. */
  known(table: string): readonly Row[] {
    return this.#rows.get(table) ?? [];
  }

  /** The rows kept of a table that belong to one patient. */
  ofPatient(table: string, patient: Value | undefined): readonly Row[] {
    return this.#byPatient.get(table)?.get(String(patient)) ?? [];
  }

  /** Any kept row of a table; an empty one, whose every link reads as none, when there is none. */
  any(table: string, draw: Draw): Row {
    const rows = this.known(table);
    return rows.length === 0 ? {} : draw.pick(rows);
  }

  /** The key of any kept row, or 0, which is how OpenDental says "no link". */
  link(table: string, column: string, draw: Draw): Value {
    return this.any(table, draw)[column] ?? 0;
  }

  /** A number that points at something outside the 68 tables. */
  outside(number: number): number {
    return number === 0 ? 0 : this.firstKey - 1 + number;
  }

  /** The first key of every table. */
  get firstKey(): number {
    return this.rules.canary ? CANARY.firstKey : 1;
  }

  /** Notes which key the rows added now begin with. */
  startAdding(table: string, firstKey: number): void {
    this.#firstAdded.set(table, firstKey);
  }

  /** The key of the n-th row added now. Only for tables whose keys follow each other. */
  addedKey(table: string, index: number): number {
    return (this.#firstAdded.get(table) ?? this.firstKey) + index;
  }
}

function append(lists: Map<string, Row[]>, key: string, row: Row): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [row]);
  else list.push(row);
}

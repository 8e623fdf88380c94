import type { Connection } from 'mysql2/promise';
import { quoteName } from '../schema/quote-name.ts';
import type { Value } from './practice.ts';

/** Rows and characters per statement; the oldest servers take 4 MB in one packet. */
const MOST_ROWS = 1000;
const MOST_CHARACTERS = 1_000_000;

/** Inserts rows of one table, many per statement. */
export class RowInserter {
  readonly #connection: Connection;
  readonly #statement: string;
  #rows: Value[][] = [];
  #characters = 0;

  constructor(connection: Connection, table: string, columns: readonly string[]) {
    this.#connection = connection;
    this.#statement = `INSERT INTO ${quoteName(table)} (${columns.map(quoteName).join(', ')}) VALUES ?`;
  }

  /** Takes a row; sends the waiting ones when there are enough. */
  async add(row: Value[]): Promise<void> {
    this.#rows.push(row);
    for (const value of row) this.#characters += typeof value === 'string' ? value.length : 8;
    if (this.#rows.length >= MOST_ROWS || this.#characters >= MOST_CHARACTERS) await this.flush();
  }

  /** Sends the rows still waiting. */
  async flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.#characters = 0;
    await this.#connection.query(this.#statement, [rows]);
  }
}

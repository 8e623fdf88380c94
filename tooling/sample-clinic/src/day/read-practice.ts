import type { Connection, RowDataPacket } from 'mysql2/promise';
import { ALL_FILLS } from '../build/fills/all-fills.ts';
import { Practice, type PracticeRules, type Row } from '../build/practice.ts';
import { CANARY } from '../chance/canary.ts';
import { clinicTable } from '../schema/clinic-tables.ts';
import { quoteName } from '../schema/quote-name.ts';

/** Newest rows of each table that a day's new rows may link to. */
const ROWS_KEPT = 3000;

/**
 * Learns from the database what a day's new rows have to know of the practice.
 *
 * Everything is read as text: no key passes through a JavaScript number, however the connection is set up.
 */
export async function readPractice(connection: Connection, rules: Omit<PracticeRules, 'canary'>): Promise<Practice> {
  const [smallest] = await connection.query<RowDataPacket[]>('SELECT MIN(`PatNum`) AS smallest FROM `patient`');
  const practice = new Practice({ ...rules, canary: Number(smallest[0]?.['smallest']) >= CANARY.firstKey });
  for (const fill of ALL_FILLS) {
    if (fill.remembers === undefined) continue;
    const { name, key } = clinicTable(fill.table);
    const columns = [...new Set([key, ...fill.remembers])];
    const [rows] = await connection.query<(RowDataPacket & Row)[]>(
      `SELECT ${columns.map(asText).join(', ')} FROM ${quoteName(name)} ORDER BY ${quoteName(key)} DESC LIMIT ?`,
      [ROWS_KEPT],
    );
    for (const row of rows.toReversed()) practice.remember(name, row);
  }
  return practice;
}

/** A column read as text, under its own name. */
export function asText(column: string): string {
  return `CAST(${quoteName(column)} AS CHAR) AS ${quoteName(column)}`;
}

import type { Connection } from 'mysql2/promise';
import { Draw } from '../chance/draw.ts';
import { clinicTable } from '../schema/clinic-tables.ts';
import type { Fill, FillInput, Moment } from './fill.ts';
import type { Practice, Row, Value } from './practice.ts';
import { rowEncoder } from './row-encoder.ts';
import { RowInserter } from './row-inserter.ts';

/** What {@link fillTable} adds to a table. */
export interface FillOrder {
  readonly fill: Fill;
  readonly practice: Practice;
  readonly rows: number;
  /** Names the chance it draws by, so that the same order gives the same rows. */
  readonly purpose: string;
  /** The key of the first row, where keys follow each other. */
  readonly firstKey: number;
  /** When the n-th row came to be. */
  readonly momentOf: (index: number, draw: Draw) => Moment;
  /** True when the server is to stamp the rows with its own clock. */
  readonly stampedByServer: boolean;
}

/** Makes the rows of one table and inserts them. @returns their keys. */
export async function fillTable(connection: Connection, order: FillOrder): Promise<Value[]> {
  const { fill, practice, rows, firstKey } = order;
  const table = clinicTable(fill.table);
  const draw = new Draw(practice.rules.seed, `${order.purpose} ${table.name}`);
  const encoder = rowEncoder(table, order.stampedByServer && table.stamp !== undefined ? [table.stamp] : []);
  const inserter = new RowInserter(connection, table.name, encoder.columns);
  const keys: Value[] = [];
  practice.startAdding(table.name, firstKey);
  for (let index = 0; index < rows; index += 1) {
    const input: FillInput = { practice, draw, at: order.momentOf(index, draw), index, total: rows };
    const key = fill.key?.(input) ?? firstKey + index;
    const made = { ...fill.row(input), [table.key]: key };
    if (fill.remembers !== undefined) practice.remember(table.name, facts(made, [table.key, ...fill.remembers]));
    keys.push(key);
    await inserter.add(encoder.encode(made, input));
  }
  await inserter.flush();
  return keys;
}

function facts(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

import type { TestDatabase } from '@tidemark/testkit';

import { VALUE_TYPES, type Value } from './column-values.ts';
import { KEYS, valueOf, type Step, type TableShape } from './scenario.ts';

/** Start of the simulated time, in Unix seconds: 2026-03-01 12:00 UTC. Always in the past of the server's own clock. */
const BEGINNING = 1_772_366_400;

export interface ClinicTable {
  readonly name: string;
  readonly shape: TableShape;
  /** Keys in the table now. */
  readonly keys: Value[][];
  /** JSON of keys whose last change moved no stamp, since the last success of a copy that could not see it. */
  readonly silent: Set<string>;
  readonly deleted: Set<string>;
  now: number;
  counter: number;
}

export async function createClinicTable(source: TestDatabase, name: string, shape: TableShape): Promise<ClinicTable> {
  const [keyColumns, primary] = KEYS[shape.key];
  const columns = [
    keyColumns,
    ...shape.columns.map((position) => `${columnName(position)} ${VALUE_TYPES[position]?.sql}`),
    ...(shape.stamp ? ['DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp'] : []),
    ...(shape.edited ? [`Edited datetime NOT NULL DEFAULT '0001-01-01 00:00:00'`] : []),
    primary,
  ];
  await source.exec(
    `CREATE TABLE ${name} (${columns.join(', ')}) ENGINE=${shape.engine} DEFAULT CHARSET=${shape.charset}`,
  );
  return { name, shape, keys: [], silent: new Set(), deleted: new Set(), now: BEGINNING, counter: 0 };
}

/** What the application does to the table. Every change but a silent one moves a stamp to the simulated time. */
export async function change(source: TestDatabase, table: ClinicTable, step: Step): Promise<void> {
  // A second for each change, so that the same second holds several only by chance.
  table.now += step.kind === 'wait' ? step.minutes * 60 : 1;
  await source.query(`SET timestamp = ${table.now}`);
  if (step.kind === 'insert') for (let row = 0; row < step.rows; row += 1) await insert(source, table, step.seed + row);
  const [index, key] = step.kind === 'update' || step.kind === 'delete' ? pick(table, step.row) : [-1, undefined];
  if (!key) return;
  if (step.kind === 'update') await update(source, table, { key, seed: step.seed, silent: step.silent });
  if (step.kind === 'delete') {
    await source.query(`DELETE FROM ${table.name} WHERE ${whereKey(table)}`, key);
    table.keys.splice(index, 1);
    table.deleted.add(keyText(key));
    table.silent.delete(keyText(key));
  }
}

async function insert(source: TestDatabase, table: ClinicTable, seed: number): Promise<void> {
  table.counter += 1;
  const key = newKey(table, seed);
  const names = [...keyNames(table), ...table.shape.columns.map(columnName), ...(table.shape.edited ? ['Edited'] : [])];
  const values = [...key, ...table.shape.columns.map((position) => valueOf(position, seed + position))];
  const marks = [...values.map(() => '?'), ...(table.shape.edited ? ['NOW()'] : [])];
  await source.query(`INSERT IGNORE INTO ${table.name} (${names.join(', ')}) VALUES (${marks.join(', ')})`, values);
  const text = keyText(key);
  if (!table.keys.some((known) => keyText(known) === text)) table.keys.push(key);
  table.deleted.delete(text);
}

async function update(
  source: TestDatabase,
  table: ClinicTable,
  what: { readonly key: Value[]; readonly seed: number; readonly silent: boolean },
): Promise<void> {
  const position = table.shape.columns[what.seed % table.shape.columns.length] ?? 0;
  const stamps = [
    ...(table.shape.stamp ? [`DateTStamp = ${what.silent ? 'DateTStamp' : 'NOW()'}`] : []),
    ...(table.shape.edited && !what.silent ? ['Edited = NOW()'] : []),
  ];
  await source.query(
    `UPDATE ${table.name} SET ${[`${columnName(position)} = ?`, ...stamps].join(', ')} WHERE ${whereKey(table)}`,
    [valueOf(position, what.seed), ...what.key],
  );
  if (what.silent) table.silent.add(keyText(what.key));
  else table.silent.delete(keyText(what.key));
}

function newKey(table: ClinicTable, seed: number): Value[] {
  switch (table.shape.key) {
    case 'counter':
      return [table.counter];
    case 'random':
      return [(BigInt(seed) * 0x1_0000_0001n + BigInt(table.counter)).toString()];
    case 'composite':
      return [table.counter % 5, `k${seed % 7}${table.counter}`];
    case 'bytes':
      return [Buffer.from([seed % 256, table.counter % 256, 0, 9, 92, table.counter >> 8])];
    default:
      return table.shape.key satisfies never;
  }
}

/** Names of the key's columns. */
export function keyNames(table: ClinicTable): string[] {
  return table.shape.key === 'composite' ? ['Num', 'Code'] : ['Num'];
}

function whereKey(table: ClinicTable): string {
  return keyNames(table)
    .map((name) => `${name} = ?`)
    .join(' AND ');
}

function pick(table: ClinicTable, row: number): [number, Value[] | undefined] {
  const index = table.keys.length === 0 ? -1 : row % table.keys.length;
  return [index, table.keys[index]];
}

/** A key as text, as `findDifferingKeys` names it. */
export function keyText(key: readonly Value[]): string {
  return JSON.stringify(key.map((part) => (Buffer.isBuffer(part) ? part.toString('hex') : String(part)).toUpperCase()));
}

function columnName(position: number): string {
  return `c${position}`;
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { otherServers, type NamedServer, type NamedServers } from '../test/other-servers.ts';
import { openRoom, type Room } from '../test/room.ts';
import {
  catalogOf,
  createReplicaSql,
  createSourceSql,
  plainReading,
  type CatalogColumn,
} from '../test/type-catalog.ts';
import { insertEncoded, loadEncoded } from '../test/write-encoded.ts';
import { describeTables } from './describe-tables.ts';
import { digestRange } from './digest-range.ts';
import { WHOLE_TABLE } from './key-columns.ts';
import { readExpression } from './read-expression.ts';
import { streamEncodedRows, type EncodedRows } from './stream-encoded-rows.ts';
import type { TableDescription } from './types.ts';

let running: NamedServers;
beforeAll(async () => {
  running = await otherServers();
});
afterAll(() => running.stop());

async function tableOf(room: Room): Promise<TableDescription> {
  const [table] = await describeTables(room.session, ['every_type']);
  if (!table) throw new Error('The table is missing.');
  return table;
}

function readAll(room: Room, table: TableDescription, target: 'load_data' | 'insert'): EncodedRows {
  const list = table.columns.map((column) => readExpression(column, 'replica')).join(', ');
  const sql = `SELECT ${list} FROM every_type ORDER BY id`;
  return streamEncodedRows(room.session, { sql }, { columns: table.columns, target, pieceBytes: 4096 });
}

/** Every value, read plainly, by column and row. */
async function readPlainly(room: Room, columns: readonly CatalogColumn[]): Promise<Record<string, unknown[]>> {
  await room.database.exec("SET SESSION time_zone = '+00:00'");
  const list = columns.map((column) => `${plainReading(column)} AS \`${column.name}\``).join(', ');
  const rows = await room.database.query(`SELECT ${list} FROM every_type ORDER BY id`);
  return Object.fromEntries(columns.map(({ name }) => [name, rows.map((row) => row[name])]));
}

/** Cells that differ, each cut to what a person can read. */
function differences(left: Record<string, unknown[]>, right: Record<string, unknown[]>): string[] {
  const show = (value: unknown): string => String(value).slice(0, 80);
  return Object.entries(left).flatMap(([name, values]) =>
    values.flatMap((value, row) => {
      const other = right[name]?.[row];
      return value === other ? [] : [`${name} of row ${row + 1}: ${show(value)} became ${show(other)}`];
    }),
  );
}

/** Digest of each column with the key, and of the whole row. */
async function digests(room: Room, columns: readonly CatalogColumn[]): Promise<Record<string, unknown>> {
  const table = await tableOf(room);
  const pick = (names: readonly string[]): TableDescription['columns'] =>
    table.columns.filter((column) => names.includes(column.name));
  const result: Record<string, unknown> = {};
  const digestOf = (names: readonly string[]): ReturnType<typeof digestRange> =>
    digestRange(room.session, { table, key: ['id'], columns: pick(names), range: WHOLE_TABLE });
  for (const { name } of columns) result[name] = await digestOf(['id', name]);
  return { ...result, all: await digestOf(['id', ...columns.map(({ name }) => name)]) };
}

const SOURCES: readonly NamedServer['name'][] = ['MariaDB source', 'MariaDB replica', 'MySQL', 'old MySQL'];
const REPLICAS: readonly NamedServer['name'][] = ['MariaDB source', 'MariaDB replica', 'MySQL'];

describe.each(SOURCES)('every value of every type, read from %s', (sourceName) => {
  test.each(REPLICAS)('reaches %s as it is, by LOAD DATA and by INSERT, with the same digest', async (replicaName) => {
    const from = running.servers.find(({ name }) => name === sourceName);
    const into = running.servers.find(({ name }) => name === replicaName);
    if (!from || !into) return;
    const columns = catalogOf(sourceName);
    await using source = await openRoom(from.server);
    await source.database.exec(createSourceSql(columns, sourceName === 'MySQL' ? 'InnoDB' : 'MyISAM'));
    const sourceTable = await tableOf(source);
    const expected = await readPlainly(source, columns);
    const expectedDigests = await digests(source, columns);

    for (const target of ['load_data', 'insert'] as const) {
      await using replica = await openRoom(into.server, { where: 'replica' });
      await replica.database.exec(createReplicaSql(columns));
      const { columns: replicaColumns } = await tableOf(replica);
      const rows = readAll(source, sourceTable, target);
      const write = target === 'load_data' ? loadEncoded : insertEncoded;
      expect(await write(replica.session, 'every_type', replicaColumns, rows.stream)).toBe(0);
      expect(differences(expected, await readPlainly(replica, columns))).toEqual([]);
      expect(await digests(replica, columns)).toEqual(expectedDigests);
    }
  });
});

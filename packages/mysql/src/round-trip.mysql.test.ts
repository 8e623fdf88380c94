import { testServers, type MysqlServer } from '@tidemark/testkit';
import { describe, expect, test } from 'vitest';

import { otherServers, type NamedServer } from '../test/other-servers.ts';
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

function serverNamed(wanted: NamedServer['name']): MysqlServer | undefined {
  return otherServers().find(({ name }) => name === wanted)?.server;
}

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
  test.for(REPLICAS)(
    'reaches %s as it is and with the same digest, by LOAD DATA and by INSERT',
    async (replicaName, { skip }) => {
      const from = serverNamed(sourceName);
      const into = serverNamed(replicaName);
      if (!from || !into) return skip('the server is not here');
      const columns = catalogOf(sourceName);
      await using source = await openRoom(from);
      await source.database.exec(createSourceSql(columns, sourceName === 'MySQL' ? 'InnoDB' : 'MyISAM'));
      const sourceTable = await tableOf(source);
      const expected = await readPlainly(source, columns);
      const expectedDigests = await digests(source, columns);

      for (const target of ['load_data', 'insert'] as const) {
        await using replica = await openRoom(into, { where: 'replica' });
        await replica.database.exec(createReplicaSql(columns));
        const { columns: replicaColumns } = await tableOf(replica);
        const rows = readAll(source, sourceTable, target);
        const write = target === 'load_data' ? loadEncoded : insertEncoded;
        expect(await write(replica.session, 'every_type', replicaColumns, rows.stream)).toBe(0);
        expect(differences(expected, await readPlainly(replica, columns))).toEqual([]);
        expect(await digests(replica, columns)).toEqual(expectedDigests);
      }
      return undefined;
    },
  );
});

describe('a value of 10 MB, where the server makes no text over 16 MB', () => {
  test.for(REPLICAS)('reaches %s', async (replicaName, { skip }) => {
    const into = serverNamed(replicaName);
    if (!into) return skip('the server is not here');
    await using source = await openRoom(testServers().source);
    await source.database
      .exec(`CREATE TABLE files (id INT PRIMARY KEY, file LONGBLOB, words LONGTEXT CHARACTER SET utf8);
      INSERT INTO files VALUES (1, REPEAT(X'00FF0A5C27', 2097152), NULL), (2, NULL, REPEAT('it''s tooth\t', 1000000))`);
    const [table] = await describeTables(source.session, ['files']);
    if (!table) throw new Error('The table is missing.');
    const list = table.columns.map((column) => readExpression(column, 'replica')).join(', ');
    await using replica = await openRoom(into, { where: 'replica' });
    await replica.database.exec(
      'CREATE TABLE files (id INT PRIMARY KEY, file LONGBLOB, words LONGTEXT) DEFAULT CHARACTER SET utf8mb4',
    );
    const { columns } = table;
    const rows = streamEncodedRows(
      source.session,
      { sql: `SELECT ${list} FROM files` },
      { columns, target: 'load_data' },
    );
    await loadEncoded(replica.session, 'files', columns, rows.stream);
    const plain =
      'SELECT id, LENGTH(file) AS size, SHA2(file, 256) AS file, SHA2(words, 256) AS words FROM files ORDER BY id';
    expect(await replica.session.query(plain)).toEqual(await source.session.query(plain));
    const digest = { table, key: ['id'], columns, range: WHOLE_TABLE };
    expect(await digestRange(replica.session, digest)).toEqual(await digestRange(source.session, digest));
    await source.session.execute("UPDATE files SET file = CONCAT(file, 'x') WHERE id = 1");
    expect(await digestRange(replica.session, digest)).not.toEqual(await digestRange(source.session, digest));
    return undefined;
  });
});

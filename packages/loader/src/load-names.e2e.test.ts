import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { postgresName } from './postgres-name.ts';
import { openLoadRoom, type LoadRoom } from './testing/load-room.ts';

let room: LoadRoom;

beforeAll(async () => {
  room = await openLoadRoom();
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

const mysqlName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const rawName = (name: string): string => `raw."${name.replaceAll('"', '""')}"`;

async function create(table: string, columns: readonly string[], key: string): Promise<void> {
  const all = [key, ...columns];
  await room.replica.exec(`
    CREATE TABLE ${mysqlName(table)} (${all.map((name) => `${mysqlName(name)} VARCHAR(20) NOT NULL`).join(', ')},
      _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, PRIMARY KEY (${mysqlName(key)}), KEY (_tidemark_seq));
    INSERT INTO ${mysqlName(table)} (${all.map(mysqlName).join(', ')}, _tidemark_seq)
    VALUES (${all.map((_, index) => `'v${index}'`).join(', ')}, 1)`);
  await room.copied(table, { sequence: 1, rows: 1 });
}

describe('names', () => {
  it.for([
    ['SQL words', 'Order', ['Position', 'Language', 'user', 'Type'], 'select'],
    ['case', 'PatField', ['fieldname', 'FieldValue', 'BAL_0_30'], 'PatFieldNum'],
    ['spaces and dots', 'a table. of', ['a column', 'b.c', ' d'], 'the key'],
    ['quotes', 'it\'s "a" `table`', ['"', "'", '`', '\\', '""'], 'k"e`y'],
    ['placeholders', 'what?', ['?', '??', '$1', '%s', ':name'], ':key'],
    ['other scripts', 'zähne_歯', ['größe', '名前', 'имя'], 'ключ'],
    ['64 characters', 't'.repeat(64), ['c'.repeat(64)], 'k'.repeat(64)],
    ['63 bytes of long characters', '歯'.repeat(30), ['列'.repeat(64)], '鍵'.repeat(64)],
  ] as const)('with %s are kept as they are', async ([, table, columns, key]) => {
    await create(table, columns, key);
    await room.load(table);
    const all = [key, ...columns];
    const expected = Object.fromEntries(all.map((name, index) => [postgresName(name), `v${index}`]));
    const raw = rawName(postgresName(table));
    expect(await room.warehouse.query(`SELECT * FROM ${raw}`)).toEqual([expected]);

    // Merged, with a tombstone: every statement has met the names.
    await room.replica.exec(`
      INSERT INTO ${mysqlName(table)} (${all.map(mysqlName).join(', ')}, _tidemark_seq)
      VALUES (${all.map((_, index) => `'w${index}'`).join(', ')}, 2);
      UPDATE ${mysqlName(table)} SET _tidemark_seq = 2, ${mysqlName(columns[0])} = 'changed' WHERE ${mysqlName(key)} = 'v0'`);
    await room.bury(table, 2, ['nobody']);
    await room.copied(table, { sequence: 2, rows: 2 });
    expect((await room.load(table, { settings: { deletes: 'flag' } })).counts).toMatchObject({
      rowsInserted: 1,
      rowsUpdated: 1,
    });
    expect((await room.load(table, { fullRefresh: true })).counts).toMatchObject({ rowsUnchanged: 2 });
    expect(await room.state(table)).toMatchObject({ rows: 2, status: 'success' });
  });

  it('of columns that are the same once cut are refused', async () => {
    const long = 'x'.repeat(63);
    await create('cut_columns', [`${long}1`, `${long}2`], 'k');
    await expect(room.load('cut_columns')).rejects.toMatchObject({
      code: 'SCHEMA_INCOMPATIBLE',
      message: expect.stringContaining(`${long}1 and ${long}2`),
    });
  });

  it('of tables that are the same once cut are refused', async () => {
    const long = 'y'.repeat(63);
    await create(`${long}1`, ['a'], 'k');
    await create(`${long}2`, ['a'], 'k');
    await expect(room.load(`${long}1`)).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE' });
  });

  it('that raw keeps for itself are refused', async () => {
    await create('system', ['ctid'], 'k');
    await expect(room.load('system')).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE' });
    await create('etl_load_status', ['a'], 'k');
    await expect(room.load('etl_load_status')).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE' });
  });
});

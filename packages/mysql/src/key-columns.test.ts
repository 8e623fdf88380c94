import { describe, expect, test } from 'vitest';

import { column } from '../test/columns.ts';
import { keyColumns, keyOrder, rangeCondition, WHOLE_TABLE } from './key-columns.ts';
import { keyListCondition } from './key-list.ts';
import type { ColumnDescription, TableDescription } from './types.ts';

function tableWith(...columns: readonly ColumnDescription[]): TableDescription {
  return {
    name: 't',
    engine: 'InnoDB',
    estimatedRows: 0,
    estimatedBytes: 0,
    created: null,
    collation: null,
    columns: columns.map((described) => ({ ...described, nullable: false })),
    indexes: [],
    key: columns.map(({ name }) => name),
  };
}

function conditionFor(columnType: string, value: string): ReturnType<typeof rangeCondition> {
  const table = tableWith(column('k', columnType));
  return rangeCondition(keyColumns(table, table.key), { after: [value], upTo: null });
}

describe('a key is compared in its own type', () => {
  test.each([
    ['bigint(20) unsigned', '18446744073709551615', '`k` > ?', 18_446_744_073_709_551_615n],
    ['int(5) unsigned zerofill', '00042', '`k` > ?', 42n],
    ['decimal(20,4)', '1.5000', '`k` > CAST(? AS DECIMAL(20, 4))', '1.5000'],
    ['double', '0.1', '`k` > (? + 0e0)', '0.1'],
    ['varbinary(16)', '00FF', '`k` > UNHEX(?)', '00FF'],
    ['bit(8)', '7', '(`k` + 0) > ?', 7n],
    ["enum('b','a')", '2', '(`k` + 0) > ?', 2n],
    ['varchar(20)', "it's", '`k` > ?', "it's"],
    ['date', '0000-00-00', '`k` > ?', '0000-00-00'],
  ])('%s', (type, value, sql, parameter) => {
    expect(conditionFor(type, value)).toEqual({ sql, params: [parameter] });
  });
});

test('the whole table has no bounds', () => {
  const table = tableWith(column('k', 'int'));
  expect(rangeCondition(keyColumns(table, ['k']), WHOLE_TABLE)).toEqual({ sql: 'TRUE', params: [] });
});

test('a composite key is compared part by part, its first part alone in front for the index', () => {
  const table = tableWith(column('a', 'int'), column('b`', 'date'));
  const { sql, params } = rangeCondition(keyColumns(table, table.key), { after: ['1', '2024-01-01'], upTo: null });
  expect(sql).toBe('(`a` >= ? AND ((`a` > ?) OR (`a` = ? AND `b``` > ?)))');
  expect(params).toEqual([1n, 1n, 1n, '2024-01-01']);
});

test('names may carry an alias', () => {
  const table = tableWith(column('a', 'int'), column('b', 'bit(1)'));
  expect(keyOrder(keyColumns(table, table.key, 's'), 'DESC')).toBe('s.`a` DESC, (s.`b` + 0) DESC');
});

test('a key column that the table does not have is an error', () => {
  expect(() => keyColumns(tableWith(column('a', 'int')), ['b'])).toThrow(
    expect.objectContaining({ code: 'TABLE_CHANGED_DURING_RUN' }),
  );
});

test('a key column that may be NULL is an error: no range would hold its row', () => {
  const table = { ...tableWith(), columns: [column('a', 'int', { nullable: true })] };
  expect(() => keyColumns(table, ['a'])).toThrow(expect.objectContaining({ code: 'TABLE_WITHOUT_KEY' }));
});

test('a list of keys', () => {
  const single = tableWith(column('a', 'int'));
  expect(keyListCondition(keyColumns(single, ['a']), [['1'], ['2']])).toEqual({
    sql: '`a` IN (?, ?)',
    params: [1n, 2n],
  });
  const composite = tableWith(column('a', 'int'), column('b', 'varchar(9)'));
  expect(
    keyListCondition(keyColumns(composite, ['a', 'b']), [
      ['1', 'x'],
      ['2', 'y'],
    ]),
  ).toEqual({
    sql: '((`a` = ? AND `b` = ?) OR (`a` = ? AND `b` = ?))',
    params: [1n, 'x', 2n, 'y'],
  });
});

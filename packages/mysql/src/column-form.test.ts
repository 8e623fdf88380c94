import { describe, expect, test } from 'vitest';

import { column } from '../test/columns.ts';
import { columnForm, toPlanTable } from './column-form.ts';
import type { TableDescription } from './types.ts';

test.each([
  ['tinyint(1)', 'integer'],
  ['bigint(20) unsigned', 'integer'],
  ['decimal(10,2)', 'decimal'],
  ['float', 'float'],
  ['double(10,2)', 'double'],
  ['longtext', 'text'],
  ["set('a')", 'enum'],
  ['json', 'json'],
  ['varbinary(9)', 'binary'],
  ['tinyblob', 'binary'],
  ['bit(1)', 'bit'],
  ['timestamp(6)', 'timestamp'],
  ['year(4)', 'year'],
  ['geomcollection', 'geometry'],
  ['inet6', 'text'],
])('%s is handled as %s', (type, form) => {
  expect(columnForm(column('a', type))).toBe(form);
});

describe('the table as planning sees it', () => {
  const table: TableDescription = {
    name: 'visit',
    engine: 'MyISAM',
    estimatedRows: 7,
    estimatedBytes: 0,
    created: null,
    collation: null,
    columns: [
      column('id', 'bigint(20)', { autoIncrement: true }),
      column('at', 'datetime'),
      column('stamp', 'timestamp', { onUpdateStamp: true }),
      column('day', 'date'),
      column('note', 'text'),
    ],
    indexes: [
      { name: 'PRIMARY', unique: true, columns: [{ name: 'id', nullable: false, prefix: false }] },
      {
        name: 'both',
        unique: false,
        columns: [
          { name: 'stamp', nullable: false, prefix: false },
          { name: 'day', nullable: true, prefix: false },
        ],
      },
    ],
    key: ['id'],
  };

  test('knows what each column can order by, and which an index begins with', () => {
    expect(toPlanTable(table, ['id'])).toEqual({
      name: 'visit',
      key: ['id'],
      keyIsAutoIncrement: true,
      estimatedRows: 7,
      columns: [
        { name: 'id', kind: 'integer', indexed: true, serverMaintained: false },
        { name: 'at', kind: 'datetime', indexed: false, serverMaintained: false },
        { name: 'stamp', kind: 'timestamp', indexed: true, serverMaintained: true },
        { name: 'day', kind: 'date', indexed: false, serverMaintained: false },
        { name: 'note', kind: 'other', indexed: false, serverMaintained: false },
      ],
    });
  });

  test('has no rising key when the key has two columns, or another than the counter', () => {
    expect(toPlanTable(table, ['id', 'day']).keyIsAutoIncrement).toBe(false);
    expect(toPlanTable(table, ['day']).keyIsAutoIncrement).toBe(false);
  });
});

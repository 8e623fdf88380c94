import { expect, test } from 'vitest';

import { forceKeyIndex } from './force-key-index.ts';
import { WHOLE_TABLE } from './key-columns.ts';
import type { ColumnDescription, TableDescription } from './types.ts';

const column = (name: string, dataType: string): ColumnDescription => ({
  name,
  dataType,
  columnType: dataType,
  unsigned: false,
  nullable: false,
  length: null,
  precision: null,
  scale: null,
  fractionDigits: 0,
  charset: null,
  collation: null,
  defaultExpression: null,
  autoIncrement: false,
  onUpdateStamp: false,
  generated: false,
  invisible: false,
});

const part = (name: string, prefix = false): { name: string; nullable: boolean; prefix: boolean } => ({
  name,
  nullable: false,
  prefix,
});

const table: TableDescription = {
  name: 't',
  engine: 'MyISAM',
  estimatedRows: 0,
  estimatedBytes: 0,
  created: null,
  collation: null,
  columns: [column('a', 'bigint'), column('b', 'bigint'), column('kind', 'enum'), column('word', 'varchar')],
  indexes: [
    { name: 'odd `name`', unique: true, columns: [part('a'), part('b')] },
    { name: 'by kind', unique: true, columns: [part('kind')] },
    { name: 'by word', unique: true, columns: [part('word', true)] },
  ],
  key: ['a'],
};

const RANGE = { after: ['1'], upTo: null };

test.each([
  [['a'], RANGE, ' FORCE INDEX (`odd ``name```)'],
  [['a', 'b'], RANGE, ' FORCE INDEX (`odd ``name```)'],
  [['a'], { after: null, upTo: ['9'] }, ' FORCE INDEX (`odd ``name```)'],
  [['a'], 'ordered', ' FORCE INDEX (`odd ``name```)'],
  [['a'], WHOLE_TABLE, ''],
  [['b'], RANGE, ''],
  [['b', 'a'], RANGE, ''],
  [['kind'], RANGE, ''],
  [['word'], RANGE, ''],
] as const)('key %o, range %o: %s', (key, range, expected) => {
  expect(forceKeyIndex(table, key, range)).toBe(expected);
});

import { describe, expect, test } from 'vitest';

import { column } from '../test/columns.ts';
import { comparableType, structureFingerprint } from './structure-fingerprint.ts';

describe('types are the same', () => {
  test.each([
    ['bigint(20)', 'bigint'],
    ['bigint(20) unsigned', 'bigint unsigned'],
    ['tinyint(1)', 'tinyint(4)'],
    ['year(4)', 'year'],
    ['int(10) unsigned zerofill', 'int unsigned'],
  ])('%s and %s', (left, right) => {
    expect(comparableType(column('a', left))).toBe(comparableType(column('a', right)));
  });
});

describe('types differ', () => {
  test.each([
    ['bigint(20)', 'bigint(20) unsigned'],
    ['int(11)', 'bigint(11)'],
    ['varchar(20)', 'varchar(100)'],
    ['decimal(10,2)', 'decimal(10,3)'],
    ['datetime', 'datetime(6)'],
    ['bit(1)', 'bit(8)'],
    ['binary(16)', 'binary(17)'],
    ["enum('a','b')", "enum('a','B')"],
    ["enum('int(1)')", "enum('int(2)')"],
    ["set('a zerofill')", "set('a')"],
  ])('%s and %s', (left, right) => {
    expect(comparableType(column('a', left))).not.toBe(comparableType(column('a', right)));
  });
});

describe('the fingerprint of a table', () => {
  const id = column('id', 'bigint(20)');
  const name = column('name', 'varchar(20)');

  test('is the same in another order, and on a server that prints no display widths', () => {
    const there = [name, column('id', 'bigint')];
    expect(structureFingerprint(there, ['id'])).toBe(structureFingerprint([id, name], ['id']));
  });

  test('ignores nullability, default and collation', () => {
    const other = column('name', 'varchar(20)', { nullable: false, defaultExpression: "''", collation: 'latin1_bin' });
    expect(structureFingerprint([id, other], ['id'])).toBe(structureFingerprint([id, name], ['id']));
  });

  test.each([
    ['a column more', [id, name, column('age', 'int')], ['id']],
    ['a column less', [id], ['id']],
    ['another name', [id, column('Name', 'varchar(20)')], ['id']],
    ['another type', [id, column('name', 'varchar(21)')], ['id']],
    ['another key', [id, name], ['name']],
    ['a longer key', [id, name], ['id', 'name']],
  ])('changes with %s', (_, columns, key) => {
    expect(structureFingerprint(columns, key)).not.toBe(structureFingerprint([id, name], ['id']));
  });

  test('changes with the order of the key', () => {
    expect(structureFingerprint([id, name], ['id', 'name'])).not.toBe(structureFingerprint([id, name], ['name', 'id']));
  });
});

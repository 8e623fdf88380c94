import { describe, expect, test } from 'vitest';

import { column } from '../test/columns.ts';
import { readExpression, storedColumns } from './read-expression.ts';

describe('a value is read', () => {
  test.each([
    ['bigint(20) unsigned', '`a`'],
    ['int(5) unsigned zerofill', '(`a` + 0)'],
    ['decimal(10,2)', '`a`'],
    ['decimal(10,2) unsigned zerofill', '(`a` + 0)'],
    ['float', '(`a` + 0e0)'],
    ['double', '(`a` + 0e0)'],
    ['double(10,2)', '(`a` + 0e0)'],
    ['varchar(20)', '`a`'],
    ["enum('zerofill')", '`a`'],
    ['json', '`a`'],
    ['varbinary(5)', '`a`'],
    ['longblob', '`a`'],
    ['point', '`a`'],
    ['bit(1)', '(`a` + 0)'],
    ['bit(8)', '(`a` + 0)'],
    ['datetime(6)', '`a`'],
    ['year(4)', '`a`'],
    ['inet6', '`a`'],
  ])('as it is for the replica: %s', (type, expression) => {
    expect(readExpression(column('a', type), 'replica')).toBe(expression);
  });

  test.each([
    ['bit(1)', '(`a` + 0)'],
    ['bit(8)', "LPAD(BIN(`a` + 0), 8, '0')"],
    ['point', 'SUBSTRING(`a`, 5)'],
    ['blob', '`a`'],
    ['float', '(`a` + 0e0)'],
  ])('as PostgreSQL takes it for the warehouse: %s', (type, expression) => {
    expect(readExpression(column('a', type), 'warehouse')).toBe(expression);
  });

  test('under a quoted name', () => {
    expect(readExpression(column('it`s', 'blob'), 'replica')).toBe('`it``s`');
  });
});

test('what the server computes is not written', () => {
  const columns = [column('a', 'int'), column('b', 'int', { generated: true })];
  expect(storedColumns(columns).map(({ name }) => name)).toEqual(['a']);
});

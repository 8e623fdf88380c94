import { SEQUENCE_COLUMN, type ColumnDescription } from '@tidemark/mysql';
import { describe, expect, test } from 'vitest';

import { reconcileReplica } from './reconcile-replica.ts';
import { describedColumn, describedTable } from './testing/described-column.ts';

const ABILITIES = { collations: new Set(['utf8mb4_general_ci', 'utf8mb4_bin']), hasJson: false };
const KEY = describedColumn('Num', 'bigint(20)', { autoIncrement: true });
const SEQUENCE = describedColumn(SEQUENCE_COLUMN, 'bigint(20) unsigned', { invisible: true });

function reconcile(source: readonly ColumnDescription[], replica: readonly ColumnDescription[], replicaKey = ['Num']) {
  return reconcileReplica(
    describedTable('t', [KEY, ...source], ['Num']),
    { ...describedTable('t', [KEY, ...replica, SEQUENCE], replicaKey), engine: 'InnoDB' },
    ['Num'],
    ABILITIES,
  );
}

describe('types of one column, source against replica', () => {
  test.each([
    ['int(11)', 'int', 'same'],
    ['int(10) unsigned', 'int unsigned', 'same'],
    ['tinyint(3) unsigned', 'tinyint(1) unsigned', 'same'],
    ['varchar(50)', 'varchar(50)', 'same'],
    ['varchar(100)', 'varchar(20)', 'widen'],
    ['text', 'varchar(255)', 'widen'],
    ['mediumtext', 'text', 'widen'],
    ['smallint', 'tinyint unsigned', 'widen'],
    ['bigint', 'int', 'widen'],
    ['bigint', 'int unsigned', 'widen'],
    ['double', 'float', 'widen'],
    ['float', 'smallint', 'widen'],
    ['datetime', 'date', 'widen'],
    ['datetime(6)', 'datetime', 'widen'],
    ['decimal(12,2)', 'decimal(10,2)', 'widen'],
    ["enum('a','b','it''s')", "enum('a','b')", 'widen'],
    ["enum('b','a')", "enum('a','b')", 'widen'],
    ["enum('a')", "enum('a','b')", 'same'],
    ["enum('a','c')", "enum('a','b')", 'incompatible'],
    ["set('x','y')", "set('x')", 'widen'],
    ['varchar(20)', 'varchar(100)', 'same'],
    ['smallint', 'int', 'same'],
    ['varchar(500)', 'text', 'same'],
    ['int', 'varchar(20)', 'incompatible'],
    ['int unsigned', 'int', 'incompatible'],
    ['date', 'datetime', 'incompatible'],
    ['varchar(20)', 'int', 'incompatible'],
    ['timestamp', 'datetime', 'incompatible'],
    ['decimal(10,4)', 'decimal(10,2)', 'incompatible'],
  ])('%s against %s: %s', (source, replica, verdict) => {
    const { changes, obstacles } = reconcile([describedColumn('c', source)], [describedColumn('c', replica)]);
    const found = obstacles.length > 0 ? 'incompatible' : (changes[0]?.kind ?? 'same');
    expect(found).toBe(verdict);
  });
});

describe('a text key, source against replica', () => {
  const reconcileKeys = (source: string, replica: string) => {
    const [left, right] = [source, replica].map((collation) =>
      describedTable(
        't',
        [describedColumn('Code', 'varchar(20)', { charset: charsetOf(collation), collation })],
        ['Code'],
      ),
    );
    if (!left || !right) throw new Error('Two tables are compared.');
    const built = { ...right, columns: [...right.columns, SEQUENCE], engine: 'InnoDB' };
    return reconcileReplica(left, built, ['Code'], ABILITIES).changes.map(({ kind }) => kind);
  };
  const charsetOf = (collation: string): string => collation.split('_')[0] ?? '';

  test.each([
    ['utf8mb3_general_ci', 'utf8mb4_general_ci', []],
    ['utf8mb4_general_ci', 'utf8mb4_general_ci', []],
    ['latin1_swedish_ci', 'utf8mb4_bin', []],
    ['utf8mb3_bin', 'utf8mb4_general_ci', ['widen']],
    ['utf8mb4_general_ci', 'utf8mb4_bin', ['widen']],
    ['utf8mb4_general_ci', 'utf8mb3_general_ci', ['widen']],
  ])('%s against %s', (source, replica, expected) => {
    expect(reconcileKeys(source, replica)).toEqual(expected);
  });
});

test('text of a replica table that another program built takes every character where the source does', () => {
  const utf8mb4 = { charset: 'utf8mb4', collation: 'utf8mb4_general_ci' };
  const source = [describedColumn('c', 'text', utf8mb4)];
  expect(reconcile(source, [describedColumn('c', 'text')]).changes).toMatchObject([{ kind: 'widen' }]);
  expect(reconcile([describedColumn('c', 'text')], [describedColumn('c', 'text', utf8mb4)]).changes).toEqual([]);
});

test('a new column is added', () => {
  expect(reconcile([describedColumn('c', 'int')], []).changes).toMatchObject([{ kind: 'add', column: { name: 'c' } }]);
});

test('a column that the source lost is an obstacle', () => {
  expect(reconcile([], [describedColumn('Note', 'text')]).obstacles).toEqual(['column Note is gone from the source']);
});

test('another key is an obstacle', () => {
  expect(reconcile([], [], ['Num', 'Other']).obstacles).toHaveLength(1);
});

test('a column that became nullable is changed too', () => {
  const { changes } = reconcile([describedColumn('c', 'int', { nullable: true })], [describedColumn('c', 'int')]);
  expect(changes).toMatchObject([{ kind: 'widen' }]);
});

test('a replica built by somebody else gets the sequence column and an engine with transactions', () => {
  const { changes } = reconcileReplica(
    describedTable('t', [KEY], ['Num']),
    describedTable('t', [KEY], ['Num']),
    ['Num'],
    ABILITIES,
  );
  expect(changes).toEqual([{ kind: 'add_sequence' }, { kind: 'make_transactional' }]);
});

test('a replica built by somebody else computes and stamps nothing, and has a key', () => {
  const stamp = describedColumn('DateTStamp', 'timestamp', { onUpdateStamp: true });
  const { changes } = reconcile([stamp], [stamp], []);
  expect(changes).toEqual([{ kind: 'stop_stamping', column: stamp }, { kind: 'add_key' }]);
  const computed = describedColumn('Age', 'int', { generated: true });
  expect(reconcile([computed], [computed]).obstacles).toEqual(['column Age is computed in the replica']);
});

test('a key column that tables.yml names stays NOT NULL, though the source allows NULL', () => {
  const named = [describedColumn('Num', 'bigint(20)', { nullable: true })];
  const replica = { ...describedTable('t', [KEY, SEQUENCE], ['Num']), engine: 'InnoDB' };
  expect(reconcileReplica(describedTable('t', named, []), replica, ['Num'], ABILITIES).changes).toEqual([]);
});

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
    ['varchar(20)', 'varchar(100)', 'same'],
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

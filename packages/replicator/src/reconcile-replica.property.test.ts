import { comparableType, SEQUENCE_COLUMN, type ColumnDescription } from '@tidemark/mysql';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { reconcileReplica, type Reconciliation } from './reconcile-replica.ts';
import { describedColumn, describedTable } from './testing/described-column.ts';

const ABILITIES = { collations: new Set(['utf8mb4_general_ci', 'utf8mb4_bin']), hasJson: false };
const KEY = describedColumn('Num', 'bigint(20)', { autoIncrement: true });
const SEQUENCE = describedColumn(SEQUENCE_COLUMN, 'bigint(20) unsigned', { invisible: true });

const integer = fc
  .tuple(fc.constantFrom('tinyint', 'smallint', 'mediumint', 'int', 'bigint'), fc.constantFrom('', ' unsigned'))
  .map(([type, sign]) => type + sign);
const text = fc.oneof(
  fc.integer({ min: 1, max: 255 }).map((length) => `varchar(${length})`),
  fc.constantFrom('text', 'mediumtext', 'longtext'),
);
const decimal = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 10 }))
  .map(([whole, scale]) => `decimal(${whole + scale},${scale})`);
const members = fc
  .subarray(["'a'", "'b'", "'it''s'", "'c,d'"], { minLength: 1 })
  .chain((list) =>
    fc.shuffledSubarray(list, { minLength: list.length }).map((shuffled) => `enum(${shuffled.join(',')})`),
  );
const time = fc.constantFrom('date', 'datetime', 'datetime(3)', 'datetime(6)', 'timestamp', 'time');
const type = fc.oneof(integer, text, decimal, members, time, fc.constantFrom('float', 'double'));
const column = fc
  .tuple(type, fc.boolean())
  .map(([columnType, nullable]) => describedColumn('c', columnType, { nullable }));

function reconcile(source: ColumnDescription, replica: ColumnDescription): Reconciliation {
  const built = { ...describedTable('t', [KEY, replica, SEQUENCE], ['Num']), engine: 'InnoDB' };
  return reconcileReplica(describedTable('t', [KEY, source], ['Num']), built, ['Num'], ABILITIES);
}

test('a column against itself asks for nothing', () => {
  fc.assert(
    fc.property(column, (one) => {
      expect(reconcile(one, one)).toEqual({ changes: [], obstacles: [] });
    }),
  );
});

test('what is followed goes one way: it widens the replica, or the replica is wider and stays', () => {
  fc.assert(
    fc.property(column, column, (source, replica) => {
      const { changes, obstacles } = reconcile(source, replica);
      fc.pre(obstacles.length === 0);
      // Left alone: then the other way round the replica's type would be the one to widen to, or the same.
      expect(changes.length > 0 || reconcile(replica, source).obstacles.length === 0).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('a type is never widened both ways', () => {
  fc.assert(
    fc.property(type, type, (left, right) => {
      const [one, other] = [describedColumn('c', left), describedColumn('c', right)];
      fc.pre(comparableType(one) !== comparableType(other) && !left.startsWith('enum'));
      expect(reconcile(one, other).changes.length > 0 && reconcile(other, one).changes.length > 0).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

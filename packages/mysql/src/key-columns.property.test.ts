import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { column } from '../test/columns.ts';
import { evaluateCondition, type Values } from '../test/evaluate-condition.ts';
import { keyColumns, rangeCondition, type KeyRange } from './key-columns.ts';
import type { TableDescription } from './types.ts';

const NAMES = ['a', 'b', 'c'];

function tableOf(names: readonly string[]): TableDescription {
  return {
    name: 't',
    engine: 'InnoDB',
    estimatedRows: 0,
    estimatedBytes: 0,
    created: null,
    collation: null,
    columns: names.map((name) => column(name, 'bigint(20)', { nullable: false })),
    indexes: [],
    key: names,
  };
}

function compareKeys(left: readonly bigint[], right: readonly bigint[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? 0n;
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

/** Few values, so that parts of keys are often equal; and some that no double holds. */
const part = fc.oneof(fc.bigInt({ min: -2n, max: 2n }), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n));
const scene = fc.integer({ min: 1, max: 3 }).chain((width) => {
  const key = fc.array(part, { minLength: width, maxLength: width });
  const end = fc.option(key);
  return fc.record({ names: fc.constant(NAMES.slice(0, width)), row: key, after: end, upTo: end });
});

test('a range holds exactly the keys behind its one end and up to the other', () => {
  fc.assert(
    fc.property(scene, ({ names, row, after, upTo }) => {
      const range: KeyRange = { after: after?.map(String) ?? null, upTo: upTo?.map(String) ?? null };
      const { sql, params } = rangeCondition(keyColumns(tableOf(names), names), range);
      const values: Values = Object.fromEntries(names.map((name, index) => [name, row[index] ?? 0n]));
      const numbers = params.filter((value) => typeof value === 'bigint');
      expect(numbers).toHaveLength(params.length);
      const isBehind = after === null || compareKeys(row, after) > 0;
      const isBefore = upTo === null || compareKeys(row, upTo) <= 0;
      expect(evaluateCondition(sql, numbers, values)).toBe(isBehind && isBefore);
    }),
    { numRuns: 5000 },
  );
});

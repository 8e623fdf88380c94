import * as fc from 'fast-check';
import { POINTS, type Point } from '@tidemark/tracking';

import { VALUE_TYPES, type Value } from './column-values.ts';

/** How the rows of a table are told apart. */
export const KEYS = {
  counter: ['Num bigint NOT NULL AUTO_INCREMENT', 'PRIMARY KEY (Num)'],
  random: ['Num bigint unsigned NOT NULL', 'PRIMARY KEY (Num)'],
  composite: ['Num int NOT NULL, Code varchar(20) NOT NULL', 'PRIMARY KEY (Code, Num)'],
  bytes: ['Num varbinary(16) NOT NULL', 'PRIMARY KEY (Num)'],
} as const;

export type KeyKind = keyof typeof KEYS;

export interface TableShape {
  readonly engine: 'MyISAM' | 'InnoDB';
  readonly charset: 'utf8' | 'utf8mb4' | 'latin1';
  readonly key: KeyKind;
  /** Positions in VALUE_TYPES. */
  readonly columns: readonly number[];
  /** Kept by the server on every change. */
  readonly stamp: boolean;
  /** Written by the application on a change. */
  readonly edited: boolean;
  readonly strategy: 'incremental' | 'digest' | 'full_table';
  readonly digestEachRun: boolean;
  readonly batchRows: number;
}

/** One thing that happens. Numbers pick rows and values by position, so that shrinking keeps a case meaningful. */
export type Step =
  | { readonly kind: 'insert'; readonly rows: number; readonly seed: number }
  | { readonly kind: 'update'; readonly row: number; readonly seed: number; readonly silent: boolean }
  | { readonly kind: 'delete'; readonly row: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'run'; readonly hop: 'copy' | 'load' | 'both' }
  | {
      readonly kind: 'fail';
      readonly hop: 'copy' | 'load' | 'both';
      readonly point: Point;
      readonly how: 'throw' | 'cut';
    };

export interface Scenario {
  readonly shape: TableShape;
  readonly steps: readonly Step[];
}

const hop = fc.constantFrom('copy' as const, 'load' as const, 'both' as const);
const seed = fc.integer({ min: 0, max: 0x7fffffff });

const shape: fc.Arbitrary<TableShape> = fc
  .record({
    engine: fc.constantFrom('MyISAM' as const, 'InnoDB' as const),
    charset: fc.constantFrom('utf8' as const, 'utf8mb4' as const, 'latin1' as const),
    key: fc.constantFrom('counter' as const, 'random' as const, 'composite' as const, 'bytes' as const),
    columns: fc.uniqueArray(fc.nat({ max: VALUE_TYPES.length - 1 }), { minLength: 1, maxLength: 6 }),
    stamp: fc.boolean(),
    edited: fc.boolean(),
    strategy: fc.constantFrom('incremental' as const, 'incremental' as const, 'digest' as const, 'full_table' as const),
    digestEachRun: fc.boolean(),
    batchRows: fc.constantFrom(3, 50, 10_000),
  })
  // Without a stamp there is nothing to read by.
  .filter((drawn) => drawn.stamp || drawn.edited || drawn.strategy !== 'incremental');

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('insert' as const), rows: fc.integer({ min: 1, max: 9 }), seed }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('update' as const), row: fc.nat(), seed, silent: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), row: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('run' as const), hop }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      hop,
      point: fc.constantFrom(...POINTS),
      how: fc.constantFrom('throw' as const, 'cut' as const),
    }),
  },
);

export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  shape,
  steps: fc.array(step, { minLength: 3, maxLength: 22 }),
});

/** The value that a seed picks for a column. */
export function valueOf(column: number, pick: number): Value {
  const type = VALUE_TYPES[column];
  if (!type) throw new Error('no such column type');
  return fc.sample(type.values, { seed: pick, numRuns: 1 })[0] ?? null;
}

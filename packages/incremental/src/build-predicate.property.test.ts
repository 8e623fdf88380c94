import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { plan } from './plan.ts';
import { cursorText, cursorValue, magnitude, orderedKind } from './testing/arbitraries.ts';
import { parseSql, selects, type Row } from './testing/evaluate-predicate.ts';
import { column, input, settings, table } from './testing/fixtures.ts';
import type { PlanInput } from './types.ts';
import type { OrderedKind } from './cursor-value.ts';
import { lookbackFor } from './lookback.ts';

interface Stamp {
  readonly name: string;
  readonly kind: OrderedKind;
  readonly watermark: string;
  readonly value: string | null;
  readonly lookback: number | null;
}

/** Names that would break out of quotes or of a plain object. */
const name = fc.oneof(
  fc.constantFrom('a`b', '`', "x' OR 1=1 -- ", 'constructor', '?', 'Ünder score', 'a OR b', '>= ?'),
  fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0')),
);

const stamp: fc.Arbitrary<Omit<Stamp, 'name'>> = orderedKind.chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    watermark: cursorValue(kind).map(({ text }) => text),
    value: fc.oneof({ weight: 9, arbitrary: cursorText(kind) }, { weight: 1, arbitrary: fc.constant(null) }),
    lookback: fc.option(fc.integer({ min: 0, max: 200_000 })),
  }),
);

const scenario = fc.record({
  stamps: fc
    .uniqueArray(fc.tuple(name, stamp), { minLength: 1, maxLength: 4, selector: ([text]) => text.toLowerCase() })
    .map((pairs) => pairs.map(([text, rest]): Stamp => ({ name: text, ...rest })))
    .filter((stamps) => stamps.every((one) => one.name.toLowerCase() !== 'aptnum')),
  logic: fc.constantFrom('or' as const, 'and' as const),
  autoIncrement: fc.boolean(),
  highestKey: fc.option(fc.integer({ min: 0, max: 20 })),
  key: fc.integer({ min: 1, max: 20 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function planInput({ stamps, logic, autoIncrement, highestKey }: Scenario): PlanInput {
  const lookbacks = stamps.flatMap((one): [string, number][] =>
    one.lookback === null ? [] : [[one.name, one.lookback]],
  );
  return input({
    table: table({
      columns: [column('AptNum', 'integer'), ...stamps.map((one) => column(one.name, one.kind))],
      keyIsAutoIncrement: autoIncrement,
    }),
    settings: settings({
      incrementalColumns: stamps.map((one) => one.name),
      incrementalLogic: logic,
      lookbackSeconds: Object.fromEntries(lookbacks),
    }),
    state: {
      watermarks: Object.fromEntries(stamps.map((one) => [one.name, one.watermark])),
      highestKey: highestKey === null ? null : String(highestKey),
      structure: 's1',
    },
  });
}

/** Whether the value is at or after (watermark - lookback), by an oracle of its own. */
function movedSince(one: Stamp, given: PlanInput): boolean {
  if (one.value === null) {
    return false;
  }
  const lookback = lookbackFor(one, given.settings);
  const behind = {
    integer: BigInt(lookback),
    date: BigInt(Math.ceil(lookback / 86_400)) * 86_400_000_000_000n,
    datetime: BigInt(lookback) * 1_000_000_000n,
    timestamp: BigInt(lookback) * 1_000_000_000n,
  }[one.kind];
  return magnitude(one.kind, one.value) >= magnitude(one.kind, one.watermark) - behind;
}

test('a row that moved since (watermark - lookback), or is new by key, is selected, and no other', () => {
  fc.assert(
    fc.property(scenario, (drawn) => {
      const given = planInput(drawn);
      const made = plan(given);
      const row: Row = Object.fromEntries([
        ['AptNum', String(drawn.key)],
        ...drawn.stamps.map((one): [string, string | null] => [one.name, one.value]),
      ]);
      const moved = drawn.stamps.map((one) => movedSince(one, given));
      const stampsSay = drawn.logic === 'and' ? moved.every(Boolean) : moved.some(Boolean);
      const keySays = drawn.autoIncrement && drawn.highestKey !== null && drawn.key > drawn.highestKey;
      expect(made.kind === 'incremental' && selects(made.predicate, row)).toBe(stampsSay || keySays);
    }),
    { numRuns: 500 },
  );
});

test('the SQL says what the branches say: same columns, operators, joints, one parameter each, no value inside', () => {
  fc.assert(
    fc.property(scenario, (drawn) => {
      const made = plan(planInput(drawn));
      const predicate = made.kind === 'incremental' ? made.predicate : null;
      expect(predicate).not.toBeNull();
      const branches = predicate?.branches ?? [];
      const sql = parseSql(predicate?.sql ?? '');
      expect(sql.columns).toEqual(branches.map((branch) => branch.column));
      expect(sql.operators).toEqual(branches.map((branch) => branch.operator));
      expect(predicate?.params).toEqual(branches.map((branch) => branch.bound));
      const stamps = branches.filter((branch) => branch.operator === '>=').map(() => 'x');
      const keys = branches.filter((branch) => branch.operator === '>').map(() => 'x');
      const and = `(${stamps.join(' AND ')})`;
      const joints = {
        or: `(${[...stamps, ...keys].join(' OR ')})`,
        and: keys.length === 0 ? and : `(${and} OR x)`,
      };
      expect(sql.joints).toBe(joints[predicate?.logic ?? 'or']);
    }),
    { numRuns: 500 },
  );
});

import { describe, expect, test } from 'vitest';

import { plan } from './plan.ts';
import { column, input, observation, settings, table, WATERMARKS } from './testing/fixtures.ts';
import type { Plan, PlanInput, PlanSettings, PlanTable, ReasonCode } from './types.ts';

const STATE = { watermarks: WATERMARKS, highestKey: '900', structure: 's1' };
const SMALL = table({ estimatedRows: 4999 });
const STAMPLESS: Partial<PlanTable> = { columns: [column('SheetNum', 'integer')], key: ['SheetNum'] };
const WHICHEVER: unknown = expect.anything();
const LISTED = ['DateTStamp', 'SecDateTEntry'];

function configured(more: Partial<PlanSettings>, rest: Partial<PlanInput> = {}): PlanInput {
  return input({ settings: settings(more), ...rest });
}

interface Case {
  readonly name: string;
  readonly input: PlanInput;
  readonly kind: Plan['kind'];
  readonly code: ReasonCode;
  readonly observe?: readonly string[];
}

const CASES: readonly Case[] = [
  { name: 'goes on', input: input(), kind: 'incremental', code: 'incremental' },
  { name: 'forced', input: input({ force: true }), kind: 'full', code: 'forced' },
  {
    name: 'forced before all',
    input: input({ force: true, state: null, replicaIsNew: true }),
    kind: 'full',
    code: 'forced',
  },
  { name: 'first copy', input: input({ state: null, replicaIsNew: true }), kind: 'full', code: 'first_copy' },
  {
    name: 'adoption',
    input: input({ state: null, adopts: true, settings: settings({ strategy: 'full_table' }) }),
    kind: 'digest',
    code: 'adopted',
  },
  {
    name: 'adoption of what was copied before',
    input: input({ adopts: true }),
    kind: 'incremental',
    code: 'incremental',
  },
  {
    name: 'adoption without a key',
    input: input({ state: null, adopts: true, table: table({ key: [] }) }),
    kind: 'full',
    code: 'first_copy',
  },
  { name: 'new target', input: input({ replicaIsNew: true, structure: 's2' }), kind: 'full', code: 'replica_new' },
  { name: 'structure changed', input: input({ structure: 's2' }), kind: 'full', code: 'structure_changed' },
  {
    name: 'structure never recorded',
    input: input({ state: { ...STATE, structure: null } }),
    kind: 'full',
    code: 'structure_changed',
  },
  {
    name: 'configured full table, although it could go on',
    input: configured({ strategy: 'full_table', incrementalColumns: LISTED }),
    kind: 'full',
    code: 'configured_full_table',
    observe: LISTED,
  },
  {
    name: 'configured digest, although it could go on; the columns are observed for later',
    input: configured({ strategy: 'digest', incrementalColumns: LISTED }),
    kind: 'digest',
    code: 'configured_digest',
    observe: LISTED,
  },
  {
    name: 'configured digest observes the server stamps when none are listed',
    input: configured({ strategy: 'digest', incrementalColumns: null }),
    kind: 'digest',
    code: 'configured_digest',
    observe: ['DateTStamp'],
  },
  {
    name: 'configured digest of a table never copied',
    input: configured({ strategy: 'digest' }, { state: null }),
    kind: 'full',
    code: 'first_copy',
  },
  {
    name: 'configured digest, forced',
    input: configured({ strategy: 'digest' }, { force: true }),
    kind: 'full',
    code: 'forced',
  },
  {
    name: 'configured digest, structure changed',
    input: configured({ strategy: 'digest' }, { structure: 's2' }),
    kind: 'full',
    code: 'structure_changed',
  },
  {
    name: 'no key, incremental',
    input: input({ table: table({ key: [], keyIsAutoIncrement: false }) }),
    kind: 'full',
    code: 'no_key',
  },
  {
    name: 'no key, digest',
    input: configured({ strategy: 'digest' }, { table: table({ key: [], keyIsAutoIncrement: false }) }),
    kind: 'full',
    code: 'no_key',
  },
  {
    name: 'nothing configured, a server stamp',
    input: configured({ strategy: null, incrementalColumns: null }),
    kind: 'incremental',
    code: 'incremental',
    observe: ['DateTStamp'],
  },
  {
    name: 'nothing configured, small, a server stamp',
    input: configured({ strategy: null, incrementalColumns: null }, { table: SMALL }),
    kind: 'incremental',
    code: 'incremental',
  },
  {
    name: 'nothing configured, no stamp, small',
    input: configured(
      { strategy: null, incrementalColumns: null },
      { table: table({ ...STAMPLESS, estimatedRows: 4999 }) },
    ),
    kind: 'full',
    code: 'small_table',
  },
  {
    name: 'nothing configured, no stamp, at the limit',
    input: configured(
      { strategy: null, incrementalColumns: null },
      { table: table({ ...STAMPLESS, estimatedRows: 5000 }) },
    ),
    kind: 'digest',
    code: 'no_incremental_columns',
  },
  {
    name: 'none on purpose, although the server keeps a stamp',
    input: configured({ strategy: null, incrementalColumns: [] }),
    kind: 'digest',
    code: 'no_incremental_columns',
    observe: [],
  },
  {
    name: 'only columns configured',
    input: configured({ strategy: null, incrementalColumns: LISTED }),
    kind: 'incremental',
    code: 'incremental',
    observe: LISTED,
  },
  {
    name: 'configured incremental stays so in a small table',
    input: configured({ strategy: 'incremental' }, { table: SMALL }),
    kind: 'incremental',
    code: 'incremental',
  },
  {
    name: 'configured incremental without a column',
    input: configured({ strategy: 'incremental', incrementalColumns: [] }),
    kind: 'digest',
    code: 'no_incremental_columns',
  },
  {
    name: 'only the key',
    input: configured({ incrementalColumns: ['AptNum'] }),
    kind: 'digest',
    code: 'key_only',
    observe: [],
  },
  {
    name: 'only the key, small',
    input: configured({ incrementalColumns: ['aptnum'] }, { table: SMALL }),
    kind: 'digest',
    code: 'key_only',
  },
  {
    name: 'the key and a stamp',
    input: configured({ incrementalColumns: ['AptNum', 'DateTStamp'] }),
    kind: 'incremental',
    code: 'incremental',
    observe: ['DateTStamp'],
  },
  {
    name: 'no watermark at all',
    input: input({ state: { ...STATE, watermarks: {} } }),
    kind: 'full',
    code: 'no_watermark',
  },
  {
    name: 'one column newly listed',
    input: configured(
      { incrementalColumns: LISTED },
      { state: { ...STATE, watermarks: { DateTStamp: WATERMARKS.DateTStamp } } },
    ),
    kind: 'full',
    code: 'no_watermark',
    observe: LISTED,
  },
  {
    name: 'a column that never held a value goes on from the lowest',
    input: configured(
      { incrementalColumns: LISTED },
      { state: { ...STATE, watermarks: { ...WATERMARKS, SecDateTEntry: '1900-01-01 00:00:00' } } },
    ),
    kind: 'incremental',
    code: 'incremental',
    observe: LISTED,
  },
  {
    name: 'listed columns are gone',
    input: configured({ incrementalColumns: ['AptNum', 'Gone', 'Note'] }),
    kind: 'digest',
    code: 'no_valid_column',
    observe: [],
  },
  {
    name: 'listed columns are gone, small',
    input: configured({ incrementalColumns: ['Gone'] }, { table: SMALL }),
    kind: 'full',
    code: 'no_valid_column',
  },
  {
    name: 'skip leaves no column',
    input: configured(
      { columnQuality: 'skip', incrementalColumns: ['AptNum', 'DateTStamp'] },
      { observations: [observation('DateTStamp', { values: 2, nulls: 2 })] },
    ),
    kind: 'digest',
    code: 'no_valid_column',
    observe: ['DateTStamp'],
  },
  {
    name: 'skip leaves no column, small',
    input: configured(
      { columnQuality: 'skip' },
      { table: SMALL, observations: [observation('DateTStamp', { values: 2, sentinels: 2 })] },
    ),
    kind: 'full',
    code: 'no_valid_column',
  },
  {
    name: 'keep keeps a bad column',
    input: configured(
      { columnQuality: 'keep' },
      { observations: [observation('DateTStamp', { values: 2, nulls: 2 })] },
    ),
    kind: 'incremental',
    code: 'incremental',
    observe: ['DateTStamp'],
  },
];

describe('plan', () => {
  test.each(CASES)('$name: $kind, $code', ({ input: given, kind, code, observe }) => {
    const made = plan(given);
    expect({ kind: made.kind, code: made.reason.code }).toEqual({ kind, code });
    expect(made.reason.text).toMatch(/^[A-Z].*\.$/);
    expect(made.observe.map(({ name }) => name)).toEqual(observe ?? WHICHEVER);
  });

  test('every reason code has its case', () => {
    const all: Record<ReasonCode, true> = {
      forced: true,
      first_copy: true,
      adopted: true,
      replica_new: true,
      structure_changed: true,
      no_key: true,
      no_watermark: true,
      configured_full_table: true,
      configured_digest: true,
      no_incremental_columns: true,
      no_valid_column: true,
      key_only: true,
      small_table: true,
      incremental: true,
    };
    expect([...new Set(CASES.map(({ code }) => code))].toSorted()).toEqual(Object.keys(all).toSorted());
  });
});

describe('columns of a plan', () => {
  test('what is left out is named with its why', () => {
    expect(plan(configured({ incrementalColumns: ['AptNum', 'DateTStamp', 'Gone', 'Note'] })).skipped).toEqual([
      { column: 'Gone', why: 'the table has no such column' },
      { column: 'Note', why: 'its type has no order of time or counting' },
    ]);
  });

  test('a key column that is no counter is left out by name', () => {
    const composite = table({ key: ['AptNum', 'SecDateEntry'], keyIsAutoIncrement: false });
    const made = plan(
      configured({ incrementalColumns: ['AptNum', 'SecDateEntry', 'DateTStamp'] }, { table: composite }),
    );
    expect(made).toMatchObject({ kind: 'incremental', observe: [{ name: 'DateTStamp' }] });
    expect(made.skipped.map(({ column: name }) => name)).toEqual(['AptNum', 'SecDateEntry']);
  });

  test('names are found whatever their case, once, and in the table’s spelling', () => {
    const made = plan(configured({ incrementalColumns: ['datetstamp', 'DATETSTAMP', 'DateTStamp'] }));
    expect(made.observe.map(({ name }) => name)).toEqual(['DateTStamp']);
    expect(made).toMatchObject({ predicate: { sql: '(`DateTStamp` >= ? OR `AptNum` > ?)' } });
  });

  test('an integer column counts up, without lookback', () => {
    const made = plan(configured({ incrementalColumns: ['Revision'] }));
    expect(made).toMatchObject({ predicate: { params: ['41', '900'] } });
  });

  test.each([
    { values: 3, nulls: 3 },
    { values: 3, sentinels: 3 },
    { values: 3, outOfRange: 1 },
  ])('skip drops a column that showed %o, and its watermark stays where it was', (seen) => {
    const made = plan(
      configured(
        { columnQuality: 'skip', incrementalColumns: LISTED },
        { observations: [observation('SecDateTEntry', { values: 1 }), observation('SecDateTEntry', seen)] },
      ),
    );
    expect(made).toMatchObject({ kind: 'incremental', observe: [{ name: 'DateTStamp' }] });
    expect(made.skipped.map(({ column: name }) => name)).toEqual(['SecDateTEntry']);
  });

  test.each([{}, { values: 3 }, { values: 3, future: 3 }])('skip keeps a column that showed %o', (seen) => {
    const observations = [observation('SecDateTEntry', seen)];
    const made = plan(configured({ columnQuality: 'skip', incrementalColumns: LISTED }, { observations }));
    expect(made.skipped).toEqual([]);
    expect(made.observe).toHaveLength(2);
  });

  test('a dropped column without a watermark does not force a full read', () => {
    const made = plan(
      configured(
        { columnQuality: 'skip', incrementalColumns: LISTED },
        {
          state: { ...STATE, watermarks: { DateTStamp: WATERMARKS.DateTStamp } },
          observations: [observation('SecDateTEntry', { values: 3, nulls: 3 })],
        },
      ),
    );
    expect(made.kind).toBe('incremental');
  });

  test('a full plan observes what skip would drop: it sees every row', () => {
    const observations = [observation('SecDateTEntry', { values: 3, nulls: 3 })];
    const made = plan(configured({ columnQuality: 'skip', incrementalColumns: LISTED }, { force: true, observations }));
    expect(made.observe.map(({ name }) => name)).toEqual(LISTED);
    expect(made.skipped).toEqual([]);
  });
});

describe('how an incremental plan reads', () => {
  test.each([
    { columns: ['DateTStamp'], logic: 'or', readBy: 'index' },
    { columns: ['DateTStamp', 'SecDateEntry'], logic: 'or', readBy: 'index' },
    { columns: ['DateTStamp', 'SecDateTEntry'], logic: 'or', readBy: 'key_range' },
    { columns: ['DateTStamp', 'SecDateEntry'], logic: 'and', readBy: 'key_range' },
    { columns: ['DateTStamp'], logic: 'and', readBy: 'index' },
  ] as const)('$columns by $logic: $readBy', ({ columns, logic, readBy }) => {
    expect(plan(configured({ incrementalColumns: columns, incrementalLogic: logic }))).toMatchObject({ readBy });
  });

  test('reasons name columns, never values', () => {
    const texts = CASES.map(({ input: given }) => plan(given).reason.text);
    for (const text of texts) {
      expect(text).not.toMatch(/\d{4}-\d{2}|900|41\b/);
    }
    expect(plan(configured({ incrementalColumns: LISTED })).reason.text).toBe(
      'Rows where DateTStamp or SecDateTEntry moved since the last run, and new keys in AptNum.',
    );
    expect(plan(configured({ incrementalColumns: LISTED, incrementalLogic: 'and' })).reason.text).toContain(
      'DateTStamp and SecDateTEntry moved',
    );
    expect(
      plan(configured({ incrementalColumns: LISTED }, { state: { ...STATE, watermarks: {} } })).reason.text,
    ).toContain('DateTStamp, SecDateTEntry');
    expect(plan(configured({ incrementalColumns: ['Gone'] })).reason.text).toBe(
      'No incremental column can be used: Gone (the table has no such column).',
    );
  });
});

import { describe, expect, test } from 'vitest';

import { buildPredicate } from './build-predicate.ts';
import { column, settings, table, WATERMARKS } from './testing/fixtures.ts';
import type { PlanColumn, PlanSettings, PlanState, PlanTable, Predicate } from './types.ts';

const STAMP = column('DateTStamp', 'timestamp', { indexed: true });
const WALL = column('SecDateTEntry', 'datetime');

function predicate(
  columns: readonly PlanColumn[],
  more: { settings?: Partial<PlanSettings>; state?: Partial<PlanState>; table?: Partial<PlanTable> } = {},
): Predicate {
  const outcome = buildPredicate({
    table: table(more.table),
    settings: settings(more.settings),
    state: { watermarks: WATERMARKS, highestKey: null, structure: null, ...more.state },
    columns,
  });
  if ('withoutWatermark' in outcome) {
    throw new Error(`without watermark: ${outcome.withoutWatermark.join(', ')}`);
  }
  return outcome.predicate;
}

describe('buildPredicate', () => {
  test('one column', () => {
    expect(predicate([STAMP])).toEqual({
      sql: '(`DateTStamp` >= ?)',
      params: ['2024-03-10 11:50:00'],
      branches: [{ column: 'DateTStamp', operator: '>=', bound: '2024-03-10 11:50:00', indexed: true }],
      logic: 'or',
    });
  });

  test('each kind steps back from its watermark by its own lookback', () => {
    const built = predicate([STAMP, WALL, column('SecDateEntry', 'date'), column('Revision', 'integer')]);
    expect(built.sql).toBe('(`DateTStamp` >= ? OR `SecDateTEntry` >= ? OR `SecDateEntry` >= ? OR `Revision` >= ?)');
    expect(built.params).toEqual(['2024-03-10 11:50:00', '2024-03-10 05:50:00', '2024-03-09', '41']);
  });

  test('the key is one more way to be found', () => {
    const built = predicate([STAMP, WALL], { state: { highestKey: '900' } });
    expect(built.sql).toBe('(`DateTStamp` >= ? OR `SecDateTEntry` >= ? OR `AptNum` > ?)');
    expect(built.params.at(-1)).toBe('900');
    expect(built.branches.at(-1)).toEqual({ column: 'AptNum', operator: '>', bound: '900', indexed: true });
  });

  test('the key stays an OR when the stamps are joined by AND', () => {
    const and = { incrementalLogic: 'and' } as const;
    expect(predicate([STAMP, WALL], { settings: and, state: { highestKey: '900' } })).toMatchObject({
      sql: '((`DateTStamp` >= ? AND `SecDateTEntry` >= ?) OR `AptNum` > ?)',
      logic: 'and',
    });
    expect(predicate([STAMP, WALL], { settings: and }).sql).toBe('(`DateTStamp` >= ? AND `SecDateTEntry` >= ?)');
  });

  test('one stamp has nothing to be joined with by AND', () => {
    const built = predicate([STAMP], { settings: { incrementalLogic: 'and' }, state: { highestKey: '900' } });
    expect(built).toMatchObject({ sql: '(`DateTStamp` >= ? OR `AptNum` > ?)', logic: 'or' });
  });

  test('a key of several columns, or one that does not count up, gives no branch', () => {
    const state = { highestKey: '900' };
    expect(predicate([STAMP], { state, table: { keyIsAutoIncrement: false } }).branches).toHaveLength(1);
    expect(predicate([STAMP], { state, table: { key: ['AptNum', 'Revision'] } }).branches).toHaveLength(1);
    expect(predicate([STAMP], { state: { highestKey: 'x' } }).branches).toHaveLength(1);
  });

  test('a lookback of the key counts steps', () => {
    const built = predicate([STAMP], { state: { highestKey: '900' }, settings: { lookbackSeconds: { aptnum: 100 } } });
    expect(built.params.at(-1)).toBe('800');
  });

  test('names are quoted, values are parameters', () => {
    const odd = column('odd`name', 'datetime');
    const built = predicate([odd], { state: { watermarks: { 'odd`name': '2024-03-10 07:00:00' } } });
    expect(built.sql).toBe('(`odd``name` >= ?)');
  });

  test.each([undefined, '', '0001-01-01 00:00:00', '2101-01-01 00:00:00', '2024-03-10', "' OR 1=1"])(
    'a watermark of %s is none',
    (watermark) => {
      const watermarks = watermark === undefined ? {} : { SecDateTEntry: watermark };
      expect(
        buildPredicate({
          table: table(),
          settings: settings(),
          state: { watermarks: { DateTStamp: WATERMARKS.DateTStamp, ...watermarks }, highestKey: '9', structure: null },
          columns: [STAMP, WALL],
        }),
      ).toEqual({ withoutWatermark: ['SecDateTEntry'] });
    },
  );

  test('a column named as a member of Object has no inherited watermark', () => {
    const state = { watermarks: {}, highestKey: null, structure: null };
    const columns = [column('constructor', 'datetime')];
    expect(buildPredicate({ table: table(), settings: settings(), state, columns })).toEqual({
      withoutWatermark: ['constructor'],
    });
  });
});

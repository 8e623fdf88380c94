import { describe, expect, test } from 'vitest';

import { advanceWatermarks, type AdvanceInput } from './advance-watermarks.ts';
import { column, observation } from './testing/fixtures.ts';

const STAMP = column('DateTStamp', 'timestamp');
const WALL = column('SecDateTEdit', 'datetime');
const DAY = column('DateEntry', 'date');
const COUNTER = column('Revision', 'integer');

function advance(more: Partial<AdvanceInput>): Record<string, string> {
  return {
    ...advanceWatermarks({
      previous: {},
      observations: [],
      columns: [STAMP, WALL, DAY, COUNTER],
      snapshot: { wall: '2024-03-10 07:00:00.900000', utc: '2024-03-10 12:00:00.900000' },
      openTransactionAgeSeconds: null,
      ...more,
    }),
  };
}

describe('advanceWatermarks', () => {
  test('the highest value read becomes the watermark', () => {
    const observations = [observation('DateTStamp', { values: 2, highest: '2024-03-10 11:00:00' })];
    expect(advance({ observations })).toEqual({ DateTStamp: '2024-03-10 11:00:00' });
  });

  test('it is never lower than before', () => {
    const previous = { DateTStamp: '2024-03-10 11:30:00', Revision: '10' };
    const observations = [
      observation('DateTStamp', { values: 1, highest: '2024-03-10 11:00:00' }),
      observation('Revision', { values: 1, highest: '9' }),
    ];
    expect(advance({ previous, observations })).toEqual(previous);
  });

  test('it never passes the snapshot: UTC for a timestamp, wall clock for the others', () => {
    const observations = [
      observation('DateTStamp', { values: 1, highest: '2024-03-10 12:00:00.800000' }),
      observation('SecDateTEdit', { values: 1, highest: '2024-03-10 12:00:00' }),
      observation('DateEntry', { values: 1, highest: '2024-03-11' }),
    ];
    expect(advance({ observations })).toEqual({
      DateTStamp: '2024-03-10 12:00:00',
      SecDateTEdit: '2024-03-10 07:00:00',
      DateEntry: '2024-03-10',
    });
  });

  test('the oldest open transaction holds it back', () => {
    const observations = [
      observation('DateTStamp', { values: 1, highest: '2024-03-10 11:59:59' }),
      observation('DateEntry', { values: 1, highest: '2024-03-10' }),
      observation('Revision', { values: 1, highest: '7' }),
    ];
    expect(advance({ observations, openTransactionAgeSeconds: 8 * 3600 })).toEqual({
      DateTStamp: '2024-03-10 04:00:00',
      DateEntry: '2024-03-09',
      Revision: '7',
    });
  });

  test('an observed column without one trustworthy value gets the lowest of its kind', () => {
    const observations = [
      observation('DateTStamp', { values: 2, nulls: 2 }),
      observation('SecDateTEdit', { values: 2, sentinels: 2 }),
      observation('DateEntry'),
      observation('Revision', { values: 1, nulls: 1 }),
    ];
    expect(advance({ observations })).toEqual({
      DateTStamp: '1970-01-01 00:00:01',
      SecDateTEdit: '1900-01-01 00:00:00',
      DateEntry: '1900-01-01',
      Revision: '-9223372036854775808',
    });
  });

  test('a run that read no trustworthy value leaves the watermark alone', () => {
    const previous = { DateTStamp: '2024-03-01 00:00:00' };
    expect(advance({ previous, observations: [observation('DateTStamp', { values: 1, future: 1 })] })).toEqual(
      previous,
    );
  });

  test('a column that was not observed keeps what it had, or has none', () => {
    const previous = { Removed: '2024-01-01 00:00:00', DateTStamp: '2024-01-01 00:00:00' };
    expect(advance({ previous })).toEqual(previous);
    const observations = [observation('DateTStamp', { values: 1, highest: '2024-03-10 11:00:00' })];
    expect(advance({ previous, observations, columns: [WALL] })).toEqual(previous);
  });

  test('of several observations of a column the last one counts', () => {
    const observations = ['2024-03-02', '2024-03-01'].map((highest) =>
      observation('DateEntry', { values: 1, highest }),
    );
    expect(advance({ observations })).toEqual({ DateEntry: '2024-03-01' });
  });

  test('an unreadable watermark, or one of another form, is replaced', () => {
    const observations = [observation('DateEntry', { values: 1, highest: '2024-03-01' })];
    expect(advance({ previous: { DateEntry: '2024-03-09 10:00:00' }, observations })).toEqual({
      DateEntry: '2024-03-01',
    });
  });

  test('an impossible date of ALLOW_INVALID_DATES becomes a legal bound', () => {
    const observations = [observation('DateEntry', { values: 1, highest: '2023-02-31' })];
    expect(advance({ observations })).toEqual({ DateEntry: '2023-02-28' });
  });

  test('a column named as a member of Object is a column', () => {
    const columns = [column('constructor', 'date'), column('__proto__', 'date')];
    const observations = columns.map(({ name }) => observation(name, { values: 1, highest: '2024-03-01' }));
    expect(Object.entries(advanceWatermarks({ ...base(), columns, observations }))).toEqual([
      ['constructor', '2024-03-01'],
      ['__proto__', '2024-03-01'],
    ]);
  });
});

function base(): AdvanceInput {
  return {
    previous: {},
    observations: [],
    columns: [],
    snapshot: { wall: '2024-03-10 07:00:00.900000', utc: '2024-03-10 12:00:00.900000' },
    openTransactionAgeSeconds: null,
  };
}

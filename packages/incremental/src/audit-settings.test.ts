import { describe, expect, test } from 'vitest';

import { auditSettings } from './audit-settings.ts';
import { column, settings, table } from './testing/fixtures.ts';

const APPOINTMENT = table({
  columns: [
    column('AptNum', 'integer'),
    column('DateTStamp', 'timestamp', { serverMaintained: true }),
    column('AptDateTime', 'datetime'),
    column('SecDateTEntry', 'datetime'),
    column('Odd', 'datetime'),
  ],
});
const STAMPLESS = table({ columns: [column('AptNum', 'integer'), column('SecDateTEntry', 'datetime')] });
const codes = (...given: Parameters<typeof auditSettings>) =>
  auditSettings(...given).map(({ code, columns }) => [code, columns]);

describe('auditSettings', () => {
  test('says nothing of a sound configuration, or of none', () => {
    expect(auditSettings(APPOINTMENT, settings({ incrementalColumns: ['AptNum', 'DateTStamp'] }))).toEqual([]);
    expect(auditSettings(APPOINTMENT, settings({ strategy: null, incrementalColumns: null }))).toEqual([]);
    expect(auditSettings(STAMPLESS, settings({ strategy: 'digest', incrementalColumns: ['AptNum'] }))).toEqual([]);
    expect(auditSettings(STAMPLESS, settings({ strategy: null, incrementalColumns: [] }))).toEqual([]);
  });

  test('finds business dates and times of entry among the incremental columns, by name', () => {
    const given = settings({ incrementalColumns: ['datetstamp', 'AptDateTime', 'SecDateTEntry', 'Odd'] });
    expect(codes(APPOINTMENT, given)).toEqual([
      ['business_date', ['AptDateTime']],
      ['never_moves', ['SecDateTEntry']],
    ]);
  });

  test('finds a business date by the future values that runs saw in it', () => {
    const seen = { column: 'Odd', values: 50, nulls: 0, sentinels: 0, outOfRange: 0, future: 7 };
    const evidence = { quality: [seen], unstampedRows: 0, unstampedColumns: {} };
    const [advice] = auditSettings(APPOINTMENT, settings({ incrementalColumns: ['DateTStamp', 'Odd'] }), { evidence });
    expect(advice).toMatchObject({
      code: 'business_date',
      columns: ['Odd'],
      propose: { strategy: 'incremental', incrementalColumns: ['DateTStamp'] },
    });
    expect(advice?.text).toContain('7 of 50 values of Odd in the future');
  });

  test('does not doubt a stamp of the server for values ahead of the clock', () => {
    const seen = { column: 'DateTStamp', values: 50, nulls: 0, sentinels: 0, outOfRange: 0, future: 1 };
    const evidence = { quality: [seen], unstampedRows: 0, unstampedColumns: {} };
    expect(auditSettings(APPOINTMENT, settings(), { evidence })).toEqual([]);
  });

  test('asks for no second stamp of the server', () => {
    const second = column('SecDateTEdit', 'timestamp', { serverMaintained: true });
    const two = { ...APPOINTMENT, columns: [...APPOINTMENT.columns, second] };
    expect(auditSettings(two, settings({ incrementalColumns: ['DateTStamp'] }))).toEqual([]);
  });

  test('finds a stamp that is there and not used', () => {
    expect(codes(APPOINTMENT, settings({ incrementalColumns: ['AptNum'] }))).toEqual([
      ['stamp_not_used', ['DateTStamp']],
    ]);
  });

  test('proposes digest where no column is to be trusted, or rows changed without the stamp', () => {
    expect(auditSettings(STAMPLESS, settings({ incrementalColumns: ['AptNum', 'SecDateTEntry'] }))).toMatchObject([
      { code: 'no_trustworthy_column', propose: { strategy: 'digest', incrementalColumns: [] } },
      { code: 'never_moves' },
    ]);
    const evidence = { quality: [], unstampedRows: 3, unstampedColumns: { Note: 3 } };
    expect(auditSettings(APPOINTMENT, settings(), { evidence })).toMatchObject([
      { code: 'changes_without_stamp', columns: ['Note'], propose: { strategy: 'digest', incrementalColumns: [] } },
    ]);
    expect(auditSettings(APPOINTMENT, settings({ strategy: 'digest' }), { evidence })).toEqual([]);
  });

  test('says when a table that is read whole has grown', () => {
    const whole = settings({ strategy: 'full_table' });
    expect(codes({ ...STAMPLESS, estimatedRows: 49_999 }, whole)).toEqual([]);
    expect(codes({ ...STAMPLESS, estimatedRows: 50_000 }, whole)).toEqual([['grown', []]]);
  });
});

import { describe, expect, test } from 'vitest';

import { proposeSettings } from './propose-settings.ts';
import { column, table } from './testing/fixtures.ts';

const SHEET = {
  name: 'sheet',
  columns: [column('SheetNum', 'integer'), column('DateTSheetEdited', 'datetime', { indexed: true })],
  key: ['SheetNum'],
};

describe('proposeSettings', () => {
  test('a stamp that the server keeps makes the table incremental, small or not', () => {
    expect(proposeSettings(table({ estimatedRows: 3 }))).toMatchObject({
      strategy: 'incremental',
      incrementalColumns: ['DateTStamp'],
      reason: 'The server itself stamps every change in DateTStamp.',
    });
  });

  test('a stamp that programs fill does not', () => {
    expect(proposeSettings(table({ ...SHEET, estimatedRows: 5000 }))).toMatchObject({
      strategy: 'digest',
      incrementalColumns: [],
    });
    expect(proposeSettings(table({ ...SHEET, estimatedRows: 4999 }))).toMatchObject({ strategy: 'full_table' });
    const lower = { fullTableBelowRows: 100 };
    expect(proposeSettings(table({ ...SHEET, estimatedRows: 4999 }), lower)).toMatchObject({ strategy: 'digest' });
  });

  test('a table without a key is left out, with the reason', () => {
    const proposed = proposeSettings(table({ key: [], keyIsAutoIncrement: false }));
    expect(proposed).toMatchObject({ strategy: null, incrementalColumns: [] });
    expect(proposed.reason).toContain('No primary key');
  });

  test('a stamp that is part of the key is not proposed', () => {
    expect(proposeSettings(table({ key: ['AptNum', 'DateTStamp'], keyIsAutoIncrement: false })).strategy).toBe(
      'digest',
    );
  });

  test('says of every other time column why it is not used', () => {
    const { unused } = proposeSettings(
      table({
        columns: [
          column('AptNum', 'integer'),
          column('DateTStamp', 'timestamp', { serverMaintained: true }),
          column('SecDateTEntry', 'datetime'),
          column('AptDateTime', 'datetime'),
          column('WhenCreated', 'timestamp'),
          column('Odd', 'date'),
        ],
      }),
    );
    expect(unused.map(({ meaning, columns }) => [meaning, columns])).toEqual([
      ['entry', ['SecDateTEntry']],
      ['business', ['AptDateTime']],
      ['named_like_entry', ['WhenCreated']],
      ['unknown', ['Odd']],
    ]);
    expect(proposeSettings(table(SHEET)).unused[0]?.why).toContain("workstation's clock");
  });

  test('a stamp that was seen to stand still counts no more, and the evidence says so', () => {
    const evidence = { quality: [], unstampedRows: 12, unstampedColumns: { IsDeleted: 12 } };
    expect(proposeSettings(table(), { evidence })).toMatchObject({
      strategy: 'digest',
      incrementalColumns: [],
      reason: 'DateTStamp did not move with every change, and the table is not small: compared by digest.',
      evidence: ['A comparison found 12 rows whose change no stamp had told of, in IsDeleted.'],
    });
  });

  test('tells what runs have seen in the columns, as counts', () => {
    const seen = { column: 'SecDateTEntry', values: 9, nulls: 1, sentinels: 2, outOfRange: 0, future: 4 };
    const gone = { ...seen, column: 'Gone' };
    const clean = { ...seen, column: 'DateTStamp', nulls: 0, sentinels: 0, future: 0 };
    const evidence = { quality: [seen, gone, clean], unstampedRows: 0, unstampedColumns: {} };
    expect(proposeSettings(table(), { evidence }).evidence).toEqual([
      'SecDateTEntry, last seen in 9 rows: 4 in the future, 3 not set.',
    ]);
  });
});

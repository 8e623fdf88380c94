import { describe, expect, test } from 'vitest';

import { chooseDefaults } from './choose-defaults.ts';
import { column, table } from './testing/fixtures.ts';

const STAMPLESS = [column('SheetNum', 'integer'), column('DateTSheetEdited', 'datetime', { indexed: true })];

describe('chooseDefaults', () => {
  test('a stamp that the server keeps makes the table incremental, small or not', () => {
    expect(chooseDefaults(table({ estimatedRows: 3 }))).toMatchObject({
      strategy: 'incremental',
      incrementalColumns: ['DateTStamp'],
    });
  });

  test('a stamp that programs fill does not', () => {
    const sheet = { columns: STAMPLESS, key: ['SheetNum'] };
    expect(chooseDefaults(table({ ...sheet, estimatedRows: 5000 }))).toMatchObject({
      strategy: 'digest',
      incrementalColumns: [],
    });
    expect(chooseDefaults(table({ ...sheet, estimatedRows: 4999 }))).toMatchObject({ strategy: 'full_table' });
    expect(chooseDefaults(table({ ...sheet, estimatedRows: 4999 }), 100)).toMatchObject({ strategy: 'digest' });
  });

  test('without a key the table is read whole', () => {
    expect(chooseDefaults(table({ key: [], keyIsAutoIncrement: false })).strategy).toBe('full_table');
  });

  test('a stamp that is part of the key is not proposed', () => {
    expect(chooseDefaults(table({ key: ['AptNum', 'DateTStamp'], keyIsAutoIncrement: false })).strategy).toBe('digest');
  });

  test('the reason is a sentence', () => {
    expect(chooseDefaults(table()).reason).toBe('The server itself stamps every change in DateTStamp.');
  });
});

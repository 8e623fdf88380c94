import { describe, expect, it } from 'vitest';

import { existingFormat } from './testing/existing-format.ts';
import { updateEntry } from './update-entry.ts';

const change = { strategy: 'digest', incrementalColumns: ['DateTStamp'] } as const;
const update = (text: string, key = 'a') => updateEntry(text, 'tables.yml', key, change);

describe('updateEntry', () => {
  it('changes two values and nothing else, comments and all', () => {
    const text = `# head
tables:
  a: # this one
    table_name: a
    # by hand
    extraction_strategy: incremental # was full_table
    incremental_columns:
      - SecDateEntry
      - AptDateTime # business
    lookback: 1 day # mine
  b: {}
`;
    expect(updateEntry(text, 'tables.yml', 'a', change)).toBe(`# head
tables:
  a: # this one
    table_name: a
    # by hand
    extraction_strategy: digest # was full_table
    incremental_columns: [DateTStamp]
    lookback: 1 day # mine
  b: {}
`);
  });

  it.each([
    [
      'flow lists',
      'tables:\n  a:\n    incremental_columns: [X, Y]\n',
      'tables:\n  a:\n    extraction_strategy: digest\n    incremental_columns: [DateTStamp]\n',
    ],
    [
      'braces',
      'tables:\n  a: {tags: [x]}\n',
      'tables:\n  a: {extraction_strategy: digest, incremental_columns: [DateTStamp], tags: [x]}\n',
    ],
    [
      'an empty entry',
      'tables:\n  a:\n  b: {}\n',
      'tables:\n  a: {extraction_strategy: digest, incremental_columns: [DateTStamp]}\n  b: {}\n',
    ],
    [
      'empty braces',
      'tables:\n  a: {} # c\n',
      'tables:\n  a: {extraction_strategy: digest, incremental_columns: [DateTStamp]} # c\n',
    ],
    [
      'nulls',
      'tables:\n  a:\n    extraction_strategy:\n    incremental_columns: null\n    tags: [x]',
      'tables:\n  a:\n    extraction_strategy: digest\n    incremental_columns: [DateTStamp]\n    tags: [x]',
    ],
    [
      'lists at the indentation of their key',
      'tables:\n  a:\n    incremental_columns:\n    - X\n    extraction_strategy: full_table\n  b: {}\n',
      'tables:\n  a:\n    incremental_columns: [DateTStamp]\n    extraction_strategy: digest\n  b: {}\n',
    ],
    [
      'lines of Windows',
      'tables:\r\n  a:\r\n    incremental_columns:\r\n    - X\r\n    tags: [x]\r\n',
      'tables:\r\n  a:\r\n    extraction_strategy: digest\r\n    incremental_columns: [DateTStamp]\r\n    tags: [x]\r\n',
    ],
    [
      'quotes',
      'tables:\n  "a":\n    "extraction_strategy": "incremental"\n    \'incremental_columns\': ["X"]\n',
      'tables:\n  "a":\n    "extraction_strategy": digest\n    \'incremental_columns\': [DateTStamp]\n',
    ],
  ])('follows %s', (_, before, after) => {
    expect(update(before)).toBe(after);
  });

  it('changes lines of one table only in the file of the older pipeline', () => {
    const before = existingFormat(40);
    const after = updateEntry(before, 'tables.yml', 'table6', change)?.split('\n') ?? [];
    const gone = before
      .split('\n')
      .filter((line, index, lines) => lines.indexOf(line) === index && !after.includes(line));
    expect(gone).toEqual(['    - Table6Num']);
    expect(after).toContain('    incremental_columns: [DateTStamp]');
  });

  it.each([
    ['shared by an anchor', 'x: &x\n  tags: [y]\ntables:\n  a: *x\n'],
    ['that others refer to', 'tables:\n  a: &a\n    tags: [y]\n  b: *a\n'],
    [
      'whose list others refer to',
      'tables:\n  a:\n    incremental_columns: &l [X]\n  b:\n    incremental_columns: *l\n',
    ],
    ['that the defaults refer to', 'tables:\n  a: &a\n    deletes: flag\ndefaults: *a\n'],
    ['that is not there', 'tables:\n  b: {}\n'],
    [
      'with a lookback for what would be no column',
      'tables:\n  a:\n    incremental_columns: [X]\n    lookback: {X: 1 day}\n',
    ],
  ])('leaves alone an entry %s', (_, text) => {
    expect(update(text)).toBeNull();
  });
});

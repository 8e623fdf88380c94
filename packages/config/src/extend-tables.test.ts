import { describe, expect, it } from 'vitest';

import { extendTables } from './extend-tables.ts';
import { parseTables } from './parse-tables.ts';
import { renderFile } from './render-entries.ts';
import { existingFormat } from './testing/existing-format.ts';
import { expectKept, newEntry as entry } from './testing/new-entry.ts';
import { refusalOf } from './testing/refusal-of.ts';

describe('renderFile', () => {
  it('writes a file that loads, with names and lists that would be something else', () => {
    const text = renderFile({
      comments: ['Head.', '', 'More.'],
      metadata: { generated_by: 'a test', total_tables: 3 },
      entries: [
        entry('appointment'),
        entry('null', { primaryKey: ['A', 'no'], incrementalColumns: [], strategy: 'digest' }),
        entry('odd: "name" # é', { comments: [] }),
      ],
      closing: ['Left out: keyless.'],
    });
    const file = parseTables(text, 'tables.yml');
    expect([...file.tables.keys()]).toEqual(['appointment', 'null', 'odd: "name" # é']);
    expect(file.tables.get('null')).toMatchObject({
      primaryKey: ['A', 'no'],
      incrementalColumns: [],
      strategy: 'digest',
      estimatedRows: 7,
    });
    expect(text).toMatch(/^# Head\.\n\n# More\.\nmetadata:/);
    expect(text).toContain(
      '  # Why: because.\n  # Not used: SecDateEntry.\n  appointment:\n    table_name: appointment\n',
    );
    expect(text).toContain('    incremental_columns: [DateTStamp]\n    primary_key: ANum\n');
    expect(text.endsWith('\n# Left out: keyless.\n')).toBe(true);
    expect(file.warnings).toEqual([]);
  });
});

describe('extendTables', () => {
  it('leaves the file of the older pipeline as it is, to the byte, and adds below', () => {
    const before = existingFormat(446);
    const after = extendTables(before, 'tables.yml', [entry('newtable')]);
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toMatch(
      /^ {2}# Why: because\.\n {2}# Not used: .*\n {2}newtable:\n {4}table_name/,
    );
    expect(parseTables(after, 'tables.yml').tables.size).toBe(447);
    expect(extendTables(after, 'tables.yml', [])).toBe(after);
  });

  it.each([
    ['a section below', 'tables:\n  a: {}\n  b:\n    tags: [x]\nsource:\n  window: "21:00-06:00"\n'],
    ['comments below', 'tables:\n  a: {} # why\n  # a last word\n\n# the end\n'],
    ['no line end', 'tables:\n  a:'],
    ['an empty entry', 'tables:\n  a:\n\n\nrun: {jobs: 3}\n'],
    ['lines of Windows', 'tables:\r\n  a:\r\n    tags:\r\n    - x\r\nrun:\r\n  jobs: 3\r\n'],
    ['deep indentation', 'tables:\n      a:\n            tags: [x]\n'],
    ['a document end', '---\ntables:\n  a: {}\n...\n'],
    ['a text of several lines', 'tables:\n  a:\n    other: |\n      one\n\n      two\n'],
    ['anchors', 'x: &x\n  tags: [y]\ntables:\n  a: *x\n  b:\n    <<: *x\n'],
  ])('keeps %s', (_, before) => {
    const after = extendTables(before, 'tables.yml', [entry('newtable'), entry('another')]);
    expectKept(before, after);
    const file = parseTables(after, 'tables.yml');
    expect([...file.tables.keys()].slice(-2)).toEqual(['newtable', 'another']);
    expect(file.run).toEqual(parseTables(before, 'tables.yml').run);
    const ends = (text: string) => new Set(text.match(/\r?\n/g));
    expect(ends(after).size).toBe(1);
  });

  it.each(['tables: {a: {}}\n', 'x: &t\n  a: {}\ntables: *t\n'])('refuses what it cannot add to: %j', (text) => {
    expect(refusalOf(() => extendTables(text, 'my.yml', [entry('b')]))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^my\.yml: new tables cannot be added: /),
    });
  });

  it('refuses a file that cannot be read', () => {
    expect(refusalOf(() => extendTables('tables: [', 'my.yml', [entry('b')])).code).toBe('CONFIG_INVALID');
  });
});

import { describe, expect, it } from 'vitest';

import { tablesFile } from '../testing/tables-file.ts';
import { chooseTables, type ChooseInput } from './choose-tables.ts';

const listed = [
  { name: 'patient', estimatedRows: 100 },
  { name: 'procedurelog', estimatedRows: 90_000 },
  { name: 'recall', estimatedRows: 500 },
  { name: 'tmpreport', estimatedRows: 1 },
];
const file = tablesFile('tables: {patient: {tags: [people]}, procedurelog: {}, gone: {}}');

function choose(changed: Partial<ChooseInput> = {}) {
  const terms = { select: [], exclude: [] };
  const { tables, skipped } = chooseTables({
    file,
    listed,
    where: 'source',
    terms,
    lastStatus: () => null,
    ...changed,
  });
  return { tables: tables.map(({ name }) => name), skipped };
}

describe('chooseTables', () => {
  it('takes what is configured, the biggest first, and says what is not there', () => {
    expect(choose()).toEqual({
      tables: ['procedurelog', 'patient'],
      skipped: [{ table: 'gone', reason: 'not in the source' }],
    });
  });

  it('takes all but passing tables where nothing is configured', () => {
    expect(choose({ file: null })).toEqual({ tables: ['procedurelog', 'recall', 'patient'], skipped: [] });
  });

  it('takes what the terms name', () => {
    expect(choose({ terms: { select: ['tag:people'], exclude: [] } })).toEqual({ tables: ['patient'], skipped: [] });
    expect(choose({ terms: { select: [], exclude: ['g*'] } }).skipped).toEqual([]);
    const lastStatus = (table: string) => (table === 'procedurelog' ? ('failed' as const) : ('success' as const));
    expect(choose({ terms: { select: ['result:error'], exclude: [] }, lastStatus }).tables).toEqual(['procedurelog']);
  });

  it('skips a named table that is configured but absent, and refuses one that is neither', () => {
    expect(choose({ terms: { select: ['gone'], exclude: [] } }).skipped).toHaveLength(1);
    expect(() => choose({ terms: { select: ['patientt'], exclude: [] } })).toThrow(
      expect.objectContaining({ code: 'TABLE_UNKNOWN', hint: 'Did you mean patient?' }),
    );
  });
});

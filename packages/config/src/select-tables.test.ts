import type { TrackingStatus } from '@tidemark/tracking';
import { describe, expect, test } from 'vitest';

import { selectTables, type Selection } from './select-tables.ts';
import { refusalOf } from './testing/refusal-of.ts';

const TABLES = ['claim', 'claimproc', 'patient', 'procedurelog', 'procnote', 'tag:odd'];
const TAGS: Readonly<Record<string, string[]>> = {
  claim: ['billing'],
  claimproc: ['billing', 'hourly'],
  patient: ['hourly'],
};
const STATUS: ReadonlyMap<string, TrackingStatus> = new Map([
  ['claim', 'failed'],
  ['patient', 'success'],
  ['procnote', 'pending'],
] as const);

const base: Selection = {
  select: [],
  exclude: [],
  settings: (table) => ({ tags: TAGS[table] ?? [] }),
  lastStatus: (table) => STATUS.get(table) ?? null,
};
const select = (...terms: string[]) => selectTables(TABLES, { ...base, select: terms });
const exclude = (...terms: string[]) => selectTables(TABLES, { ...base, exclude: terms });

test.each<[string[], string[]]>([
  [[], TABLES],
  [['patient'], ['patient']],
  [['Patient'], ['patient']],
  [
    ['procnote', 'claim'],
    ['claim', 'procnote'],
  ],
  [['claim*'], ['claim', 'claimproc']],
  [['CLAIM*'], ['claim', 'claimproc']],
  [['{patient,proc*}'], ['patient', 'procedurelog', 'procnote']],
  [['proc?ote'], ['procnote']],
  [['tag:billing'], ['claim', 'claimproc']],
  [['tag:odd'], ['tag:odd']],
  [['result:error'], ['claim']],
  [['result:success'], ['patient']],
  [['result:pending'], ['claimproc', 'procedurelog', 'procnote', 'tag:odd']],
  [
    ['result:error', 'tag:hourly'],
    ['claim', 'claimproc', 'patient'],
  ],
])('select %j', (terms, tables) => {
  expect(select(...terms)).toEqual(tables);
});

test('exclude takes the same terms and wins', () => {
  expect(exclude('tag:billing', 'proc*', 'tag:odd')).toEqual(['patient']);
  expect(selectTables(TABLES, { ...base, select: ['claim*'], exclude: ['claim'] })).toEqual(['claimproc']);
});

describe('an unknown name', () => {
  test.each([
    ['pateint', 'Did you mean patient?'],
    ['claims', 'Did you mean claim?'],
    ['proclog', '`tidemark plan` lists the tables that are synced.'],
  ])('%s', (name, hint) => {
    for (const act of [() => select(name), () => exclude(name)]) {
      expect(refusalOf(act)).toMatchObject({ code: 'TABLE_UNKNOWN', table: name, hint, exitCode: 2 });
    }
  });

  test('that fits two tables but for the case names both', () => {
    const act = (): unknown => selectTables(['a', 'A', 'b'], { ...base, select: ['a', 'B'] });
    expect(act()).toEqual(['a', 'b']);
    expect(refusalOf(() => selectTables(['ab', 'Ab'], { ...base, select: ['AB'] })).hint).toBe(
      'Did you mean ab or Ab?',
    );
  });
});

test('a glob that fits no table is a slip where tables are taken, and none where they are left out', () => {
  for (const term of ['zzz*', '!*', 'tag*x']) {
    expect(refusalOf(() => select('patient', term))).toMatchObject({
      code: 'TABLE_UNKNOWN',
      message: `no table among those that are synced fits ${term}`,
    });
  }
  expect(exclude('zzz*')).toEqual(TABLES);
  expect(selectTables(TABLES, { ...base, select: ['claim*'], exclude: ['*'] })).toEqual([]);
  expect(selectTables([...TABLES], { ...base, select: ['result:error'], lastStatus: () => 'success' })).toEqual([]);
});

test.each(['', ' '])('an empty term (%j) is no table', (term) => {
  for (const act of [() => select('patient', term), () => exclude(term)]) {
    expect(refusalOf(act)).toMatchObject({ code: 'CONFIG_INVALID', message: 'the name of a table is empty' });
  }
});

test.each([
  ['tag:bilings', 'Did you mean tag:billing?'],
  ['tag:', 'Tags are given in tables.yml, with the key tags.'],
  ['result:failed', 'Use result:error, result:success, result:pending.'],
  ['result:constructor', 'Use result:error, result:success, result:pending.'],
  ['state:modified', 'Use a name, a glob, tag:… or result:….'],
])('the wrong term %s', (term, hint) => {
  expect(refusalOf(() => select(term))).toMatchObject({ code: 'CONFIG_INVALID', hint });
});

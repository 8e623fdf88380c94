import type { HopState } from '@tidemark/tracking';
import { describe, expect, it } from 'vitest';

import type { CopyState } from './read-copy-state.ts';
import { planLoad, type PlanLoadInput } from './plan-load.ts';
import { describeColumn } from './testing/describe-column.ts';

const copy: CopyState = {
  succeeded: true,
  incomplete: false,
  copySequence: '12',
  record: '1 2026-07-01 00:00:00',
  rows: 5,
  watermarks: {},
  highestKey: null,
  sourceAsOf: null,
  prunedTo: '9',
};

const state: HopState = {
  table: 't',
  status: 'success',
  succeeded: true,
  lastSucceededAt: '2026-07-28T00:00:00.000Z',
  rows: 5,
  watermarks: { DateTStamp: '2026-07-01 00:00:00' },
  highestKey: null,
  structure: 'same',
  copySequence: '9',
  sourceAsOf: null,
  strategy: 'incremental',
  lastError: null,
  consecutiveFailures: 0,
  resume: null,
  columnQuality: [],
  digestedAt: null,
};

const description = {
  name: 't',
  engine: 'InnoDB',
  estimatedRows: 100_000,
  estimatedBytes: 0,
  created: null,
  collation: null,
  columns: [describeColumn('id', 'bigint'), describeColumn('DateTStamp', 'timestamp', { onUpdateStamp: true })],
  indexes: [],
  key: ['id'],
};

const input: PlanLoadInput = {
  replica: { description, key: ['id'], hasSequence: true, copy },
  raw: { exists: true, hasRows: true, changed: false },
  state,
  structure: 'same',
  buildsOnLastLoad: true,
  fullRefresh: false,
  settings: {
    strategy: null,
    incrementalColumns: null,
    incrementalLogic: 'or',
    columnQuality: 'keep',
    lookbackSeconds: {},
    fullTableBelowRows: 0,
  },
};

describe('planLoad', () => {
  it('reads the copies since the last load, with their tombstones', () => {
    expect(planLoad(input)).toEqual({
      kind: 'incremental',
      reason: 'Rows changed by the copies after 9, up to 12.',
      where: { sql: '`_tidemark_seq` > ? AND `_tidemark_seq` <= ?', params: [9n, 12n] },
      tombstones: { after: '9', upTo: '12' },
      observe: [],
    });
  });

  const FEWER_KEPT = 'Fewer gone rows are to be kept than at the last load (deletes).';

  it.for<[before: string, now: string, reason: string | null]>([
    ['remove', 'flag', null],
    ['remove', 'ignore', null],
    ['flag', 'flag', null],
    ['flag', 'ignore', null],
    ['flag', 'remove', FEWER_KEPT],
    ['ignore', 'flag', FEWER_KEPT],
    ['ignore', 'remove', FEWER_KEPT],
  ])('deletes: %s, then %s', ([before, now, reason]) => {
    const structure = (policy: string): string => (policy === 'remove' ? 'same 1' : `same 1 deletes=${policy}`);
    const planned = { ...input, state: { ...state, structure: structure(before) }, structure: structure(now) };
    expect(planLoad(planned)).toMatchObject(reason === null ? { kind: 'incremental' } : { kind: 'full', reason });
    const withoutSequence = { ...input.replica, hasSequence: false, copy: null };
    expect(planLoad({ ...planned, replica: withoutSequence }).kind).toBe(reason === null ? 'incremental' : 'full');
  });

  it('compares sequences as numbers of any size', () => {
    const replica = { ...input.replica, copy: { ...copy, copySequence: '9007199254740993' } };
    const last = { ...state, copySequence: '9007199254740992' };
    expect(planLoad({ ...input, replica, state: last })).toMatchObject({ kind: 'incremental' });
    expect(planLoad({ ...input, state: { ...state, copySequence: '100' } })).toMatchObject({ kind: 'full' });
  });

  it.for<[reason: string, kind: string, change: Partial<PlanLoadInput>]>([
    ['A full refresh was asked for.', 'full', { fullRefresh: true }],
    ['First load of this table.', 'full', { state: null }],
    ['The raw table is gone.', 'full', { raw: { exists: false, hasRows: false, changed: true } }],
    ['The raw table was emptied.', 'full', { raw: { exists: true, hasRows: false, changed: false } }],
    ['Columns or key changed since the last load.', 'full', { structure: 'other' }],
    [
      'The copy of this table was begun anew since the last load: its record had been lost.',
      'full',
      { state: { ...state, structure: 'same 1' }, structure: 'same 2' },
    ],
    ['Columns or key changed since the last load.', 'full', { raw: { exists: true, hasRows: true, changed: true } }],
    ['The last load knew no copy sequence.', 'full', { state: { ...state, copySequence: null } }],
    ['The copy sequence went back: the replica was rebuilt.', 'full', { state: { ...state, copySequence: '13' } }],
    ['Every row of the replica was copied anew since the last load.', 'full', { buildsOnLastLoad: false }],
    [
      'Tombstones since the last load are no longer kept: only a full read shows what is gone.',
      'full',
      { replica: { ...input.replica, copy: { ...copy, prunedTo: '10' } } },
    ],
    ['The copy hop has changed nothing since the last load.', 'nothing', { state: { ...state, copySequence: '12' } }],
    [
      'The copy hop has changed nothing since the last load.',
      'nothing',
      {
        state: { ...state, copySequence: '12', rows: 0 },
        raw: { exists: true, hasRows: false, changed: false },
        buildsOnLastLoad: false,
      },
    ],
  ])('%s', ([reason, kind, change]) => {
    expect(planLoad({ ...input, ...change })).toMatchObject({ kind, reason, tombstones: null });
  });

  describe('a replica without a copy sequence', () => {
    const replica = { ...input.replica, hasSequence: false, copy: null };

    it('is read by its incremental columns, and has no tombstones', () => {
      expect(planLoad({ ...input, replica })).toMatchObject({
        kind: 'incremental',
        where: { sql: '(`DateTStamp` >= ?)', params: ['2026-06-30 23:50:00'] },
        tombstones: null,
        observe: [{ name: 'DateTStamp' }],
      });
    });

    it('is read whole where it was to be compared by digest', () => {
      const settings = { ...input.settings, incrementalColumns: [] };
      expect(planLoad({ ...input, replica, settings })).toMatchObject({ kind: 'full', where: { sql: 'TRUE' } });
    });

    it('has its columns observed by a full read as well', () => {
      expect(planLoad({ ...input, replica, fullRefresh: true })).toMatchObject({
        kind: 'full',
        reason: 'A full refresh was asked for.',
        observe: [{ name: 'DateTStamp' }],
      });
    });
  });
});

import { describe, expect, it } from 'vitest';

import { judgeRow, type RowEvidence } from './judge-row.ts';

const EQUAL: RowEvidence = {
  inSource: true,
  inReplica: true,
  inRaw: true,
  isMarked: false,
  sourceReplica: [],
  replicaRaw: [],
  sourceRaw: [],
  looksAltered: false,
  stamp: 'behind',
  stampMoved: false,
  awaitsLoad: false,
  copyFailed: false,
  loadFailed: false,
};

function judge(changed: Partial<RowEvidence>, deletes: 'remove' | 'flag' | 'ignore' = 'remove') {
  return judgeRow({ ...EQUAL, ...changed }, deletes);
}

const DIFFER = { sourceReplica: ['a'], sourceRaw: ['a'] };

describe('a row that the source has', () => {
  it('is equal, or gone everywhere', () => {
    expect(judge({})).toEqual({ state: 'equal' });
    expect(judge({ inSource: false, inReplica: false, inRaw: false })).toEqual({ state: 'equal' });
  });

  it('waits for the next copy when its stamp is beyond the watermark', () => {
    expect(judge({ ...DIFFER, stamp: 'beyond' })).toEqual({ state: 'pending' });
    expect(judge({ inReplica: false, inRaw: false, stamp: 'beyond' })).toEqual({ state: 'pending' });
  });

  it('waits for the next copy when it was stamped in the second of the watermark after that was read', () => {
    const at = { stamp: 'at', stampMoved: true } as const;
    expect(judge({ ...DIFFER, ...at })).toEqual({ state: 'pending' });
    expect(judge({ inReplica: false, inRaw: false, stamp: 'at' })).toMatchObject({ causes: ['late_commit'] });
    expect(judge({ ...DIFFER, ...at, copyFailed: true })).toMatchObject({ causes: ['copy_failed'] });
    // Raw has it: a copy brought it, and other hands took it away.
    expect(judge({ inReplica: false, stamp: 'at' })).toMatchObject({ causes: ['changed_in_replica'] });
    expect(judge({ ...at, sourceReplica: ['a'], replicaRaw: ['a'] })).toMatchObject({ causes: ['changed_in_replica'] });
    expect(judge({ ...DIFFER, stamp: 'at' })).toMatchObject({ causes: ['stamp_did_not_move'] });
  });

  it('is a difference when the hop that would bring it has failed', () => {
    const beyond = { stamp: 'beyond', copyFailed: true } as const;
    const unseen = judge({ ...beyond, inReplica: false, inRaw: false });
    expect(unseen).toMatchObject({ kind: 'missing', causes: ['copy_failed'], inCopy: true });
    expect(judge({ ...DIFFER, ...beyond })).toMatchObject({ kind: 'different', causes: ['copy_failed'], inCopy: true });
    const waiting = { awaitsLoad: true, loadFailed: true };
    const unloaded = judge({ ...waiting, inRaw: false });
    expect(unloaded).toMatchObject({ kind: 'missing', causes: ['load_failed'], inCopy: false });
    expect(judge({ ...waiting, replicaRaw: ['a'] })).toMatchObject({ causes: ['load_failed'], columns: ['a'] });
    const gone = judge({ ...waiting, inSource: false, inReplica: false });
    expect(gone).toMatchObject({ kind: 'extra', causes: ['load_failed'], inCopy: false });
    // A failure of the other hop says nothing.
    expect(judge({ ...DIFFER, stamp: 'beyond', loadFailed: true })).toEqual({ state: 'pending' });
    expect(judge({ inRaw: false, awaitsLoad: true, copyFailed: true })).toEqual({ state: 'pending' });
    expect(judge({ ...waiting, ...beyond })).toEqual({ state: 'equal' });
  });

  it.each([
    [{ ...DIFFER, stamp: 'none' }, ['no_stamp_column']],
    [DIFFER, ['stamp_did_not_move']],
    [{ ...DIFFER, stampMoved: true }, ['late_commit']],
    [{ sourceReplica: ['a'], replicaRaw: ['a'] }, ['changed_in_replica']],
    [{ ...DIFFER, replicaRaw: ['b'] }, ['stamp_did_not_move', 'changed_in_raw']],
    [{ ...DIFFER, replicaRaw: ['a'] }, ['stamp_did_not_move', 'changed_in_raw']],
    [{ sourceReplica: ['a'], replicaRaw: ['a', 'b'], sourceRaw: ['b'] }, ['changed_in_replica', 'changed_in_raw']],
    [{ sourceReplica: ['a', 'b'], replicaRaw: ['b'], sourceRaw: ['a'] }, ['stamp_did_not_move', 'changed_in_replica']],
    // Of a zero date raw knows only that it is none.
    [{ sourceReplica: ['a', 'zero date'], replicaRaw: ['a'] }, ['changed_in_replica']],
    [{ sourceReplica: ['zero date'] }, ['stamp_did_not_move']],
    [{ ...DIFFER, replicaRaw: ['b'], awaitsLoad: true }, ['stamp_did_not_move']],
  ] as const)('differs in the replica: %o', (changed, causes) => {
    expect(judge(changed)).toMatchObject({ state: 'differs', kind: 'different', causes, inCopy: true });
  });

  it('is missing in the replica: taken out of it where raw has it, never copied where not', () => {
    expect(judge({ inReplica: false })).toMatchObject({ kind: 'missing', causes: ['changed_in_replica'] });
    expect(judge({ inReplica: false, inRaw: false })).toMatchObject({ kind: 'missing', causes: ['late_commit'] });
  });

  it('differs in raw only', () => {
    expect(judge({ inRaw: false })).toMatchObject({ kind: 'missing', causes: ['changed_in_raw'], inCopy: false });
    expect(judge({ replicaRaw: ['a'] })).toMatchObject({ causes: ['changed_in_raw'], columns: ['a'] });
    expect(judge({ replicaRaw: ['a'], looksAltered: true })).toMatchObject({ causes: ['changed_on_the_way'] });
    expect(judge({ isMarked: true })).toMatchObject({ kind: 'different', columns: ['_tidemark_deleted_at'] });
    expect(judge({ replicaRaw: ['a'], awaitsLoad: true })).toEqual({ state: 'pending' });
    expect(judge({ inRaw: false, awaitsLoad: true })).toEqual({ state: 'pending' });
  });
});

describe('a row that the source has no more', () => {
  const gone = { inSource: false };
  const goneFromBoth = { inSource: false, inReplica: false };

  it('is extra where the replica still has it', () => {
    expect(judge(gone)).toMatchObject({ kind: 'extra', causes: ['deleted_in_source'], inCopy: true });
    expect(judge({ ...gone, inRaw: false })).toMatchObject({ kind: 'extra', causes: ['changed_in_replica'] });
    expect(judge({ ...gone, inRaw: false, awaitsLoad: true })).toMatchObject({ causes: ['deleted_in_source'] });
    expect(judge({ ...gone, replicaRaw: ['a'] })).toMatchObject({ causes: ['deleted_in_source', 'changed_in_raw'] });
  });

  it('is extra where only raw has it, unless the load has its tombstone before it', () => {
    expect(judge(goneFromBoth)).toMatchObject({ kind: 'extra', causes: ['changed_in_raw'], inCopy: false });
    expect(judge({ ...goneFromBoth, awaitsLoad: true })).toEqual({ state: 'pending' });
  });

  it('is kept where deletes are flagged or ignored', () => {
    expect(judge({ ...goneFromBoth, isMarked: true }, 'flag')).toEqual({ state: 'kept' });
    expect(judge(goneFromBoth, 'flag')).toMatchObject({ kind: 'extra' });
    expect(judge(gone, 'ignore')).toEqual({ state: 'kept' });
    expect(judge(goneFromBoth, 'ignore')).toEqual({ state: 'kept' });
    expect(judge({ ...gone, replicaRaw: ['a'] }, 'ignore')).toMatchObject({ causes: ['changed_in_raw'] });
  });
});

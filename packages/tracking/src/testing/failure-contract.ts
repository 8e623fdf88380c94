import { describe, expect, it } from 'vitest';

import { failure, record, runStart, succeed, TABLE, withSession, type HopUnderTest } from './scene.ts';

/** What a failure may change in the tracking of a hop, and what not. */
export function failureContract(under: HopUnderTest): void {
  describe('P4: a failure moves nothing', () => {
    it('touches status, error and count of failures, and nothing else', async () => {
      await using scene = await under.create();
      await succeed(scene, 1);
      const before = await record(scene);
      for (const attempt of [1, 2]) {
        const start = runStart();
        await withSession(scene, async (session) => {
          await session.lock(TABLE);
          await session.recordStart(start);
          await session.recordFailure(TABLE, start.runId, failure());
          await session.unlock(TABLE);
        });
        const after = await record(scene);
        const touched = {
          [`${under.hop}_status`]: 'failed',
          last_error: 'STORAGE_FULL',
          consecutive_failures: attempt,
          _updated_at: after?.['_updated_at'],
        };
        expect(after).toEqual({ ...before, ...touched });
      }
      const state = await scene.tracking.state(TABLE);
      expect(state).toMatchObject({
        status: 'failed',
        succeeded: true,
        lastError: 'STORAGE_FULL',
        consecutiveFailures: 2,
      });
      expect(state?.lastSucceededAt).not.toBeNull();
      await succeed(scene, 2);
      expect(await scene.tracking.state(TABLE)).toMatchObject({
        status: 'success',
        lastError: null,
        consecutiveFailures: 0,
      });
    });

    it('does not call a run failed that was asked to stop', async () => {
      await using scene = await under.create();
      await succeed(scene, 1);
      const before = await record(scene);
      await withSession(scene, async (session) => {
        await session.lock(TABLE);
        const start = runStart();
        await session.recordStart(start);
        await session.recordFailure(TABLE, start.runId, failure('STOPPED'));
        await session.unlock(TABLE);
      });
      expect(await record(scene)).toEqual(before);
      expect((await scene.tracking.history())[0]).toMatchObject({ status: 'failed', errorCode: 'STOPPED' });
    });

    it('gives a table that never succeeded a record without a time', async () => {
      await using scene = await under.create();
      await withSession(scene, (session) => session.recordFailure(TABLE, runStart().runId, failure()));
      expect(await scene.tracking.state(TABLE)).toMatchObject({
        status: 'failed',
        succeeded: false,
        lastSucceededAt: null,
        rows: 0,
        watermarks: {},
        copySequence: null,
        consecutiveFailures: 1,
      });
      expect(String((await record(scene))?.[scene.lastColumn])).toMatch(/^1969-01-01 00:00:00/);
      expect((await scene.tracking.history())[0]).toMatchObject({
        plan: 'none',
        status: 'failed',
        errorCode: 'STORAGE_FULL',
      });
    });

    it('does not undo a later success when it is told late', async () => {
      await using scene = await under.create();
      const late = runStart();
      await withSession(scene, async (session) => {
        await session.lock(TABLE);
        await session.recordStart(late);
        await session.unlock(TABLE);
        await succeed(scene, 1);
        await session.recordFailure(TABLE, late.runId, failure());
      });
      expect(await scene.tracking.state(TABLE)).toMatchObject({ status: 'success', consecutiveFailures: 0 });
      expect((await scene.tracking.history({ runId: late.runId }))[0]).toMatchObject({
        status: 'failed',
        errorCode: 'STORAGE_FULL',
      });
    });

    it('says of a killed run that it was interrupted, at the next lock', async () => {
      await using scene = await under.create();
      await succeed(scene, 1);
      const before = await scene.tracking.state(TABLE);
      const start = runStart();
      await withSession(scene, async (session) => {
        await session.lock(TABLE);
        await session.recordStart(start);
        await scene.kill(session);
      });
      expect((await scene.tracking.history({ runId: start.runId }))[0]).toMatchObject({ finishedAt: null });
      await withSession(scene, async (session) => {
        await session.lock(TABLE, 10);
        expect((await scene.tracking.history({ runId: start.runId }))[0]).toMatchObject({
          status: 'failed',
          errorCode: 'INTERRUPTED',
        });
      });
      expect(await scene.tracking.state(TABLE)).toEqual({
        ...before,
        status: 'failed',
        lastError: 'INTERRUPTED',
        consecutiveFailures: 1,
      });
    });
  });
}

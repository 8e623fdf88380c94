import { onPoint } from '@tidemark/testkit';
import { describe, expect, it } from 'vitest';

import { copyTier, loadTier } from '../tier.ts';
import {
  errorOf,
  failure,
  record,
  runStart,
  success,
  succeed,
  TABLE,
  withSession,
  type HopUnderTest,
} from './scene.ts';

/** Rows and tracking of a hop move together or not at all, however its transaction ends. */
export function commitContract(under: HopUnderTest): void {
  const { points } = under.hop === 'copy' ? copyTier : loadTier;

  describe('P1: rows and watermark move together', () => {
    it('writes state and history exactly, with the rows', async () => {
      await using scene = await under.create();
      const runId = await succeed(scene, 1);
      expect(await scene.rows()).toEqual([1]);
      const state = await scene.tracking.state(TABLE);
      expect(state).toMatchObject({
        table: TABLE,
        status: 'success',
        succeeded: true,
        rows: 3,
        watermarks: { DateTStamp: '2026-03-01 10:00:00.000001' },
        highestKey: '9223372036854775807',
        structure: 'abc',
        copySequence: '9007199254740993',
        sourceAsOf: '2026-03-01 10:00:01.123456',
        strategy: 'incremental',
        lastError: null,
        consecutiveFailures: 0,
        resume: null,
        digestedAt: null,
        columnQuality: success().columnQuality,
      });
      expect(Math.abs(Date.now() - Date.parse(state?.lastSucceededAt ?? ''))).toBeLessThan(60_000);
      const [entry] = await scene.tracking.history();
      expect(entry).toMatchObject({
        runId,
        table: TABLE,
        hop: under.hop,
        plan: 'full',
        reason: 'a test',
        counts: success().counts,
        changes: { zeroDates: 2 },
        status: 'success',
        errorCode: null,
      });
      expect(entry?.finishedAt && entry.finishedAt >= entry.startedAt).toBe(true);
    });

    it.each(['worked', 'tracked', 'beforeCommit'] as const)(
      'undoes rows and tracking failing when %s',
      async (step) => {
        await using scene = await under.create();
        await succeed(scene, 1);
        const before = await record(scene);
        const start = runStart();
        await withSession(scene, async (session) => {
          await session.lock(TABLE);
          await session.recordStart(start);
          using _ = onPoint(points[step], TABLE, () => Promise.reject(failure()));
          const run = session.commit(TABLE, start.runId, async () => {
            await scene.insert(session, 2);
            return success({ watermarks: { DateTStamp: '2027-01-01 00:00:00' } });
          });
          expect((await errorOf(run)).code).toBe('STORAGE_FULL');
        });
        expect(await scene.rows()).toEqual([1]);
        expect(await record(scene)).toEqual(before);
        expect((await scene.tracking.history({ runId: start.runId }))[0]).toMatchObject({
          status: null,
          finishedAt: null,
        });
      },
    );

    it('undoes the rows when the work itself fails', async () => {
      await using scene = await under.create();
      const start = runStart();
      await withSession(scene, async (session) => {
        await session.lock(TABLE);
        await session.recordStart(start);
        const run = session.commit(TABLE, start.runId, async () => {
          await scene.insert(session, 1);
          await scene.insert(session, 1);
          return success();
        });
        const error = await errorOf(run);
        expect(error).toMatchObject({ code: 'DUPLICATE_KEY', table: TABLE });
        expect(`${error.message} ${error.hint} ${error.stack}`).not.toMatch(/INSERT|Duplicate entry|Key \(/);
      });
      expect(await scene.rows()).toEqual([]);
      expect(await scene.tracking.state(TABLE)).toBeNull();
    });

    it('leaves neither rows nor tracking when the connection is killed before the COMMIT', async () => {
      await using scene = await under.create();
      const start = runStart();
      await withSession(scene, async (session) => {
        await session.lock(TABLE);
        await session.recordStart(start);
        using _ = onPoint(points.beforeCommit, TABLE, () => scene.kill(session));
        const run = session.commit(TABLE, start.runId, async () => {
          await scene.insert(session, 1);
          return success();
        });
        expect((await errorOf(run)).code).toBe('CONNECTION_LOST');
        expect(await scene.rows()).toEqual([]);
        expect(await scene.tracking.state(TABLE)).toBeNull();
        await session.recordFailure(TABLE, start.runId, failure('CONNECTION_LOST'));
      });
      expect(await scene.rows()).toEqual([]);
      expect(await scene.tracking.state(TABLE)).toMatchObject({
        status: 'failed',
        succeeded: false,
        lastError: 'CONNECTION_LOST',
        watermarks: {},
      });
      expect((await scene.tracking.history())[0]).toMatchObject({ status: 'failed', errorCode: 'CONNECTION_LOST' });
    });

    it('has both when it ends after the COMMIT, whatever is recorded later', async () => {
      await using scene = await under.create();
      const start = runStart();
      await withSession(scene, async (session) => {
        await session.lock(TABLE);
        await session.recordStart(start);
        using _ = onPoint(points.afterCommit, TABLE, () => Promise.reject(failure('CONNECTION_LOST')));
        const run = session.commit(TABLE, start.runId, async () => {
          await scene.insert(session, 1);
          return success();
        });
        await errorOf(run);
        await session.recordFailure(TABLE, start.runId, failure('CONNECTION_LOST'));
      });
      expect(await scene.rows()).toEqual([1]);
      expect(await scene.tracking.state(TABLE)).toMatchObject({ status: 'success', consecutiveFailures: 0 });
      expect((await scene.tracking.history())[0]).toMatchObject({ status: 'success', errorCode: null });
    });

    it('refuses to commit without the lock, and without a history entry', async () => {
      await using scene = await under.create();
      await withSession(scene, async (session) => {
        expect((await errorOf(session.commit(TABLE, 'r', async () => success()))).code).toBe('INTERNAL');
        await session.lock(TABLE);
        expect((await errorOf(session.commit(TABLE, 'r', async () => success()))).code).toBe('INTERNAL');
      });
      expect(await scene.tracking.state(TABLE)).toBeNull();
    });
  });
}

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

/** What both hops promise of their tracking, whatever the database. */
export function sessionContract(under: HopUnderTest): void {
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

  describe('P7: one writer per table and hop', () => {
    it('names the run that holds the table, and lets other tables go on', async () => {
      await using scene = await under.create();
      const start = runStart();
      const holder = await scene.other.openSession();
      await withSession(scene, async (session) => {
        await holder.lock(TABLE);
        const unnamed = await errorOf(session.lock(TABLE));
        expect(unnamed).toMatchObject({ code: 'TABLE_LOCKED', exitCode: 5, table: TABLE });
        await holder.recordStart(start);
        expect((await errorOf(session.lock(TABLE))).message).toContain(start.runId);
        await session.lock('patient');
        await holder.unlock(TABLE);
        await session.lock(TABLE);
      });
      await holder.release();
    });

    it('waits as long as it is told to', async () => {
      await using scene = await under.create();
      const holder = await scene.other.openSession();
      await holder.lock(TABLE);
      await withSession(scene, async (session) => {
        expect((await errorOf(session.lock(TABLE, 1))).code).toBe('TABLE_LOCKED');
        const waiting = session.lock(TABLE, 30);
        await holder.unlock(TABLE);
        await waiting;
      });
      await holder.release();
    });

    it('keeps the lock over commits and rollbacks', async () => {
      await using scene = await under.create();
      const rival = await scene.other.openSession();
      await withSession(scene, async (session) => {
        await session.lock(TABLE);
        for (const id of [1, 1]) {
          const start = runStart();
          await session.recordStart(start);
          const run = session.commit(TABLE, start.runId, async () => {
            await scene.insert(session, id);
            return success();
          });
          await run.catch(() => undefined);
          expect((await errorOf(rival.lock(TABLE))).code).toBe('TABLE_LOCKED');
        }
      });
      await rival.release();
    });

    it.each(['released', 'killed'] as const)('is free again when the session of the holder was %s', async (how) => {
      await using scene = await under.create();
      const holder = await scene.other.openSession();
      await holder.lock(TABLE);
      if (how === 'killed') await scene.kill(holder);
      await holder.release();
      await withSession(scene, async (session) => {
        await session.lock(TABLE, how === 'killed' ? 10 : 0);
        expect(await session.state(TABLE)).toBeNull();
      });
    });
  });

  describe('records', () => {
    it('seeds pending records that are no success, once', async () => {
      await using scene = await under.create();
      await succeed(scene, 1);
      const before = await scene.tracking.state(TABLE);
      expect(await scene.tracking.seedPending([TABLE, 'claim', 'claim', 'Claim'])).toEqual({
        created: ['claim', 'Claim'],
        existing: [TABLE],
      });
      expect(await scene.tracking.seedPending(['claim'])).toEqual({ created: [], existing: ['claim'] });
      expect(await scene.tracking.state(TABLE)).toEqual(before);
      expect(await scene.tracking.state('claim')).toMatchObject({
        status: 'pending',
        succeeded: false,
        lastSucceededAt: null,
        sourceAsOf: null,
      });
      expect(String((await record(scene, 'claim'))?.[scene.lastColumn])).toMatch(/^2024-01-01 00:00:00/);
      expect((await scene.tracking.states()).map((state) => state.table).toSorted()).toEqual(['Claim', TABLE, 'claim']);
    });

    it('reads words of an older pipeline as pending and leaves them', async () => {
      await using scene = await under.create();
      for (const word of ['completed', 'in_progress', 'success']) {
        await scene.database.exec(
          `INSERT INTO ${scene.statusTable} (table_name, ${under.hop}_status) VALUES ('${word}', '${word}')`,
        );
        expect(await scene.tracking.state(word)).toMatchObject({ status: 'pending', succeeded: false });
        expect(await record(scene, word)).toMatchObject({ [`${under.hop}_status`]: word });
      }
    });

    it('forgets a table on request, and rewinds its watermarks', async () => {
      await using scene = await under.create();
      await succeed(scene, 1);
      await withSession(scene, async (session) => {
        await session.lock(TABLE);
        const watermarks = { DateTStamp: '2020-01-01 00:00:00' };
        await session.replaceWatermarks(TABLE, watermarks);
        expect(await session.state(TABLE)).toMatchObject({ watermarks, status: 'success', rows: 3 });
        await session.resetState(TABLE);
        expect(await session.state(TABLE)).toMatchObject({
          status: 'pending',
          succeeded: false,
          lastSucceededAt: null,
          watermarks: {},
          copySequence: under.hop === 'copy' ? '9007199254740993' : null,
        });
        expect((await errorOf(session.replaceWatermarks(TABLE, watermarks))).code).toBe('TABLE_UNKNOWN');
      });
      expect(await scene.tracking.history()).toHaveLength(1);
    });

    it('reads the history by table, run and limit, newest first', async () => {
      await using scene = await under.create();
      const runs = [await succeed(scene, 1), await succeed(scene, 2), await succeed(scene, 3)];
      const ids = async (filter: object): Promise<string[]> =>
        (await scene.tracking.history(filter)).map((entry) => entry.runId);
      expect(await ids({})).toEqual(runs.toReversed());
      expect(await ids({ table: TABLE, limit: 2 })).toEqual(runs.toReversed().slice(0, 2));
      expect(await ids({ runId: runs[0] })).toEqual([runs[0]]);
      expect(await ids({ table: 'patient' })).toEqual([]);
    });

    it('gives each attempt of a run at a table an entry of its own', async () => {
      await using scene = await under.create();
      const start = runStart();
      await withSession(scene, async (session) => {
        await session.lock(TABLE);
        await session.recordStart(start);
        await session.recordFailure(TABLE, start.runId, failure('TRANSACTION_CONFLICT'));
        await session.recordStart({ ...start, plan: 'digest' });
        await session.commit(TABLE, start.runId, async () => success());
      });
      await withSession(scene, (session) => session.recordFailure(TABLE, start.runId, failure('SERVER_UNREACHABLE')));
      expect(await scene.tracking.history({ runId: start.runId })).toMatchObject([
        { attempt: 3, plan: 'none', status: 'failed', errorCode: 'SERVER_UNREACHABLE' },
        { attempt: 2, plan: 'digest', status: 'success', errorCode: null },
        { attempt: 1, plan: 'full', status: 'failed', errorCode: 'TRANSACTION_CONFLICT' },
      ]);
    });
  });
}

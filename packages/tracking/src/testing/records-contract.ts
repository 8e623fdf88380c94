import { describe, expect, it } from 'vitest';

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

/** What the tracking of a hop keeps and tells beside its commits. */
export function recordsContract(under: HopUnderTest): void {
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

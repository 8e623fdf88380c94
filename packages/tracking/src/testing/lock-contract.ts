import { describe, expect, it } from 'vitest';

import { errorOf, runStart, success, TABLE, withSession, type HopUnderTest } from './scene.ts';

/** One writer per table and hop. */
export function lockContract(under: HopUnderTest): void {
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
}

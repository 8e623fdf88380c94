import { describe, expect, it } from 'vitest';

import { COST_COLUMNS } from '../migrations/cost-columns.ts';
import { TRACKING_TABLES } from '../table-names.ts';
import type { HopUnderTest } from './scene.ts';
import { failure, runStart, success, succeed, TABLE, withSession } from './scene.ts';

const LONG_AGO = '2000-01-01T00:00:00.000Z';
const TO_COME = '2100-01-01T00:00:00.000Z';

/** What both hops promise of the cost that the history tells. */
export function costContract(under: HopUnderTest): void {
  describe('the cost of tracking', () => {
    it('is written with the success: the statements of the rows, of other connections, and its own', async () => {
      await using scene = await under.create();
      await succeed(scene, 1);
      await succeed(scene, 2);
      await withSession(scene, async (session) => {
        const start = { ...runStart(), otherStatements: () => 40 };
        await session.lock(TABLE);
        await session.recordStart(start);
        await session.commit(TABLE, start.runId, async () => {
          for (const id of [3, 4, 5]) await scene.insert(session, id);
          return success();
        });
      });
      const [third, second, first] = (await scene.tracking.history()).map(({ cost }) => cost);
      if (!first || !second || !third) throw new Error('a success has no cost');
      // BEGIN and the row are no tracking.
      expect(first.statements - first.trackingStatements).toBe(2);
      // The first made the record, two statements more; the second bears what ended the first: an UPDATE and the unlocking.
      expect(second.trackingStatements).toBe(first.trackingStatements - 2 + 2);
      // BEGIN, the row, and the COMMIT of the first.
      expect(second.statements - second.trackingStatements).toBe(3);
      expect(third.trackingStatements).toBe(second.trackingStatements);
      // 40 elsewhere and two rows more.
      expect(third.statements - second.statements).toBe(42);
      for (const cost of [first, second, third]) {
        expect(cost.trackingMs).toBeGreaterThan(0);
        expect(cost.trackingMs).toBeLessThan(cost.elapsedMs);
      }
    });

    it('does not count the time of the rows as tracking', async () => {
      await using scene = await under.create();
      await withSession(scene, async (session) => {
        const start = runStart();
        await session.lock(TABLE);
        await session.recordStart(start);
        await session.commit(TABLE, start.runId, async () => {
          await new Promise((resolve) => setTimeout(resolve, 300));
          return success();
        });
      });
      const [entry] = await scene.tracking.history();
      expect(entry?.cost?.elapsedMs).toBeGreaterThan(290);
      expect((entry?.cost?.elapsedMs ?? 0) - (entry?.cost?.trackingMs ?? 0)).toBeGreaterThan(290);
    });

    it('is not told of a failure, and adds nothing to the next success', async () => {
      await using scene = await under.create();
      await succeed(scene, 1);
      await succeed(scene, 2);
      await withSession(scene, async (session) => {
        const start = runStart();
        await session.lock(TABLE);
        await session.recordStart(start);
        await session.recordFailure(TABLE, start.runId, failure());
      });
      await succeed(scene, 3);
      const [next, failed, second] = await scene.tracking.history();
      expect(failed).toMatchObject({ status: 'failed', cost: null });
      // Without the two statements that ended an earlier success.
      expect(next?.cost?.trackingStatements).toBe((second?.cost?.trackingStatements ?? 0) - 2);
    });
  });

  it('is added to a history that has none, and its entries are kept', async () => {
    await using scene = await under.create();
    const runId = await succeed(scene, 1);
    const { historyTable } = scene;
    const migrations = historyTable.replace(TRACKING_TABLES.runHistory, TRACKING_TABLES.migrations);
    await scene.database.exec(`
      ALTER TABLE ${historyTable} ${COST_COLUMNS.map((column) => `DROP COLUMN ${column}`).join(', ')};
      DELETE FROM ${migrations} WHERE name LIKE 'AddCost%'`);
    expect((await scene.tracking.migrate()).applied).toHaveLength(1);
    expect(await scene.tracking.history()).toMatchObject([{ runId, status: 'success', cost: null }]);
    await succeed(scene, 2);
    expect((await scene.tracking.history())[0]?.cost?.statements).toBeGreaterThan(0);
    expect(await scene.tracking.sumHistory(LONG_AGO)).toMatchObject([{ attempts: 2, measured: 1 }]);
  });

  it('adds up the history of each table from a time on', async () => {
    await using scene = await under.create();
    await succeed(scene, 1);
    await succeed(scene, 2);
    await withSession(scene, async (session) => {
      const start = runStart();
      await session.lock(TABLE);
      await session.recordStart(start);
      await session.recordFailure(TABLE, start.runId, failure('DUPLICATE_KEY'));
    });
    const entries = await scene.tracking.history();
    const total = (pick: (cost: NonNullable<(typeof entries)[0]['cost']>) => number): number =>
      entries.reduce((sum, { cost }) => sum + (cost ? pick(cost) : 0), 0);
    const [sum, ...others] = await scene.tracking.sumHistory(LONG_AGO);
    expect(others).toEqual([]);
    expect(sum).toMatchObject({ table: TABLE, attempts: 3, measured: 2, duplicateKeys: 1 });
    expect(sum?.statements).toBe(total(({ statements }) => statements));
    expect(sum?.trackingStatements).toBe(total(({ trackingStatements }) => trackingStatements));
    expect(sum?.elapsedMs).toBeCloseTo(
      total(({ elapsedMs }) => elapsedMs),
      3,
    );
    expect(sum?.trackingMs).toBeCloseTo(
      total(({ trackingMs }) => trackingMs),
      3,
    );
    expect(sum?.lastDuplicateAt).toBe(entries.find(({ status }) => status === 'failed')?.startedAt);
    expect(await scene.tracking.sumHistory(TO_COME)).toEqual([]);
  });
}

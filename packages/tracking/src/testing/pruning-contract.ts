import { onPoint } from '@tidemark/testkit';
import { describe, expect, it } from 'vitest';

import { TRACKING_TABLES } from '../table-names.ts';
import { errorOf, type HopUnderTest, type Scene } from './scene.ts';

/** How both histories lose what is old. */
export function pruningContract(under: HopUnderTest): void {
  describe('the history is pruned', () => {
    /** One entry for each age in days, the oldest first. */
    async function entries(scene: Scene, table: string, ages: readonly number[], open = false): Promise<void> {
      for (const [index, days] of ages.entries()) {
        const at = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
        await scene.database.exec(
          `INSERT INTO ${scene.historyTable} (run_id, table_name, hop, started_at, finished_at, plan, reason)
           VALUES ('${table}-${index}', '${table}', '${under.hop}', '${at}', ${open ? 'NULL' : `'${at}'`}, 'full', 'a test')`,
        );
      }
    }
    const left = async ({ tracking }: Scene): Promise<string[]> =>
      (await tracking.history()).map(({ runId }) => runId).toSorted();

    it('of what began too long ago, and never of the last entry of a table', async () => {
      await using scene = await under.create();
      await entries(scene, 'left', [900, 800]);
      await entries(scene, 'busy', [500, 401, 399, 1]);
      expect(await scene.tracking.pruneHistory(400 * 86_400)).toBe(3);
      expect(await left(scene)).toEqual(['busy-2', 'busy-3', 'left-1']);
      expect(await scene.tracking.pruneHistory(400 * 86_400)).toBe(0);
    });

    it('but for entries without an end, which say who holds a table', async () => {
      await using scene = await under.create();
      await entries(scene, 'held', [500], true);
      await entries(scene, 'held-later', [1]);
      await scene.database.exec(`UPDATE ${scene.historyTable} SET table_name = 'held'`);
      expect(await scene.tracking.pruneHistory(86_400)).toBe(0);
    });

    it.each(['prune.before-history', 'prune.after-history'] as const)('all or nothing, also at %s', async (point) => {
      await using scene = await under.create();
      await entries(scene, 'busy', [500, 450, 1]);
      {
        using _fault = onPoint(point, '*', 'fail');
        await errorOf(scene.tracking.pruneHistory(400 * 86_400));
      }
      expect(await left(scene)).toHaveLength(point === 'prune.before-history' ? 3 : 1);
      await scene.tracking.pruneHistory(400 * 86_400);
      expect(await left(scene)).toEqual(['busy-2']);
    });

    it('by an index, also in a history that was made anew', async () => {
      await using scene = await under.create();
      const migrations = scene.historyTable.replace(TRACKING_TABLES.runHistory, TRACKING_TABLES.migrations);
      await scene.database.exec(
        `DROP TABLE ${scene.historyTable}; DELETE FROM ${migrations} WHERE name LIKE 'CreateRunHistory%'`,
      );
      await scene.tracking.migrate();
      const indexes =
        under.hop === 'copy'
          ? `SELECT INDEX_NAME AS name FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()`
          : 'SELECT indexname AS name FROM pg_indexes';
      const names = (await scene.database.query<{ name: string }>(indexes)).map(({ name }) => name);
      expect(names).toContain('idx_etl_run_history_started');
    });
  });
}

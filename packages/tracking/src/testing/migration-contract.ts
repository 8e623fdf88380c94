import { expect, it } from 'vitest';

import { TRACKING_TABLES, type CopyTracking, type LoadTracking } from '../index.ts';
import { errorOf } from './scene.ts';
import type { TestDatabase } from '@tidemark/testkit';

export interface Unmigrated extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly tracking: CopyTracking | LoadTracking;
  readonly other: CopyTracking | LoadTracking;
  /** Where the tables are: a prefix such as `raw.`, or none. */
  readonly prefix: string;
}

/** What `migrate` and `requireCurrent` promise in both databases. */
export function migrationContract(create: () => Promise<Unmigrated>): void {
  it('creates the tables in an empty database, and does nothing the second time', async () => {
    await using scene = await create();
    expect((await errorOf(scene.tracking.requireCurrent())).code).toBe('TRACKING_NOT_MIGRATED');
    const first = await scene.tracking.migrate();
    expect(first.applied).toHaveLength(6);
    expect(first.recorded).toEqual(first.applied);
    await scene.tracking.requireCurrent();
    expect(await scene.tracking.migrate()).toEqual({ applied: [], recorded: first.recorded });
    expect(await scene.tracking.states()).toEqual([]);
  });

  it('lets one of two processes do it', async () => {
    await using scene = await create();
    const reports = await Promise.all([scene.tracking.migrate(), scene.other.migrate()]);
    expect(reports.map((report) => report.applied.length).toSorted((a, b) => a - b)).toEqual([0, 6]);
    await scene.other.requireCurrent();
  });

  it('refuses older and incomplete tables', async () => {
    await using scene = await create();
    await scene.tracking.migrate();
    await scene.database.exec(`DROP TABLE ${scene.prefix}${TRACKING_TABLES.runHistory}`);
    expect(await errorOf(scene.tracking.requireCurrent())).toMatchObject({
      code: 'TRACKING_NOT_MIGRATED',
      exitCode: 2,
    });
    const migrations = `${scene.prefix}${TRACKING_TABLES.migrations}`;
    await scene.database.exec(`DELETE FROM ${migrations} WHERE name LIKE 'CreateRunHistory%'`);
    const error = await errorOf(scene.tracking.requireCurrent());
    expect(error.code).toBe('TRACKING_NOT_MIGRATED');
    expect(error.hint).toContain('tidemark migrate');
    expect((await scene.tracking.migrate()).applied).toHaveLength(1);
    await scene.tracking.requireCurrent();
  });

  it('refuses tables of a newer version, and does not touch them', async () => {
    await using scene = await create();
    await scene.tracking.migrate();
    await scene.database.exec(
      `INSERT INTO ${scene.prefix}${TRACKING_TABLES.migrations} (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`,
    );
    expect((await errorOf(scene.tracking.requireCurrent())).code).toBe('TRACKING_NEWER');
    expect((await errorOf(scene.tracking.migrate())).code).toBe('TRACKING_NEWER');
  });

  it('lets a history of one entry per run and table have one per attempt', async () => {
    await using scene = await create();
    await scene.tracking.migrate();
    const { database, prefix } = scene;
    const history = `${prefix}${TRACKING_TABLES.runHistory}`;
    const dropIndex = 'DROP INDEX uq_etl_run_history_attempt';
    await database.exec(`
      ${prefix === '' ? `${dropIndex} ON ${history}` : dropIndex.replace('uq', `${prefix}uq`)};
      ALTER TABLE ${history} DROP COLUMN attempt;
      CREATE UNIQUE INDEX uq_etl_run_history_run ON ${history} (run_id, hop, table_name);
      DELETE FROM ${prefix}${TRACKING_TABLES.migrations} WHERE name LIKE 'AddAttempt%';
      INSERT INTO ${history} (run_id, table_name, hop, started_at, plan, reason)
      VALUES ('r', 'patient', 'copy', '2026-03-01 10:00:00', 'full', 'a test')`);
    expect((await scene.tracking.migrate()).applied).toHaveLength(1);
    expect(await scene.tracking.history()).toMatchObject([{ runId: 'r', attempt: 1 }]);
    const again = `INSERT INTO ${history} (run_id, table_name, hop, started_at, plan, reason, attempt)
      VALUES ('r', 'patient', 'copy', '2026-03-01 10:00:01', 'full', 'a test', 2)`;
    await database.exec(again);
    await expect(database.exec(again)).rejects.toThrow(/attempt/);
  });

  it('takes over its own tables when only the record of the migrations is lost', async () => {
    await using scene = await create();
    await scene.tracking.migrate();
    await scene.tracking.seedPending(['patient']);
    await scene.database.exec(`DROP TABLE ${scene.prefix}${TRACKING_TABLES.migrations}`);
    expect((await scene.tracking.migrate()).applied).toHaveLength(6);
    expect(await scene.tracking.states()).toHaveLength(1);
  });
}

import { TRACKING_TABLES } from '@tidemark/tracking';

import { openCommand, type Command } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { createSource, type Scenario } from './scenarios.ts';
import { TABLES_YML } from './tables.ts';

/** Databases that one crash after the other is tried in. */
export interface Room extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly command: Command;
  /** Takes everything away, and prepares the scenario up to the run that is killed. */
  prepare(scenario: Scenario): Promise<void>;
}

export async function openRoom(): Promise<Room> {
  const pipeline = await openPipeline();
  const command = openCommand(pipeline, TABLES_YML);
  return {
    pipeline,
    command,
    prepare: async (scenario) => {
      await empty(pipeline);
      await createSource(pipeline.source);
      await scenario.prepare(pipeline);
      if (scenario.changes.length > 0) await pipeline.source.exec(scenario.changes.join(';'));
    },
    [Symbol.asyncDispose]: async () => {
      command[Symbol.dispose]();
      await pipeline[Symbol.asyncDispose]();
    },
  };
}

async function empty({ source, replica, warehouse }: Pipeline): Promise<void> {
  const kept = new Set<string>(Object.values(TRACKING_TABLES));
  for (const database of [source, replica]) {
    const tables = await database.query<{ name: string }>(
      `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()`,
    );
    const others = tables.map(({ name }) => name).filter((name) => !kept.has(name));
    if (others.length > 0) await database.exec(`DROP TABLE ${others.join(', ')}`);
  }
  const raw = await warehouse.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'raw'`,
  );
  const others = raw.map(({ name }) => name).filter((name) => !kept.has(name));
  if (others.length > 0) await warehouse.exec(`DROP TABLE ${others.map((name) => `raw.${name}`).join(', ')}`);
  const { copyStatus, loadStatus, runHistory, tombstone } = TRACKING_TABLES;
  for (const table of [copyStatus, runHistory, tombstone]) await replica.exec(`DELETE FROM ${table}`);
  for (const table of [loadStatus, runHistory]) await warehouse.exec(`DELETE FROM raw.${table}`);
}

import { openCommand, openPipeline, type Command, type Pipeline } from '@tidemark/proofs';
import { buildClinic } from '@tidemark/sample-clinic';
import { NoDbt, provideDbt } from '@tidemark/testkit';
import { createConnection } from 'mysql2/promise';

import { openProject, type DbtProject } from './dbt-project.ts';

/** The tables that the example reads. */
export const TABLES = ['patient', 'appointment', 'procedurelog', 'provider'];

/** The sample practice in raw, the example project before it, and the command. */
export interface Practice extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly project: DbtProject;
  readonly command: Command;
}

/** The dbt to test with; null, and a line that says why, where there can be none. */
export async function dbtOrNull(): Promise<string | null> {
  try {
    return await provideDbt();
  } catch (error) {
    if (!(error instanceof NoDbt)) throw error;
    process.stderr.write(`The tests of the dbt package are skipped: ${error.message}.\n`);
    return null;
  }
}

export async function openPractice(dbt: string): Promise<Practice> {
  const pipeline = await openPipeline();
  const source = await createConnection({ ...pipeline.source.endpoint, multipleStatements: true, charset: 'utf8mb4' });
  await buildClinic(source, { seed: 1, patients: 40 });
  await source.end();
  for (const table of TABLES) await pipeline.run(table);
  const command = openCommand(pipeline, `tables: {${TABLES.map((table) => `${table}: {}`).join(', ')}}`);
  const project = openProject(dbt, pipeline.environment);
  const { code, printed } = await project.run(['deps']);
  if (code !== 0) throw new Error(printed);
  return {
    pipeline,
    project,
    command,
    [Symbol.asyncDispose]: async () => {
      project[Symbol.dispose]();
      command[Symbol.dispose]();
      await pipeline[Symbol.asyncDispose]();
    },
  };
}

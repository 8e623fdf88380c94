import type { Setup } from '@tidemark/command-line';
import { readConnections } from '@tidemark/config';
import { TidemarkError } from '@tidemark/errors';
import { openLoadTracking, type TransformResult } from '@tidemark/tracking';

import type { RunResults } from './artifact-schema.ts';
import { readLaterInvocation, readRunResults, type Invocation } from './read-artifact.ts';
import { toModelResults } from './to-transform-results.ts';

/** What `transform record` prints with `--json`. */
export interface RecordReport {
  /** dbt's invocation id: the run id in the history. */
  readonly runId: string;
  /** When dbt wrote the artifact. */
  readonly generatedAt: string;
  /** The dbt command that wrote it; null where the artifact does not say. */
  readonly command: string | null;
  /** Models recorded now. */
  readonly recorded: number;
  /** Models whose result of this run the history had already. */
  readonly skipped: number;
  readonly models: readonly RecordedModel[];
  /** An invocation that dbt began later and that left no results; null where there is none. */
  readonly laterInvocation: Invocation | null;
}

export interface RecordedModel extends TransformResult {
  /** Whether it was recorded now. */
  readonly recorded: boolean;
}

/** Records the artifact of a dbt run in the warehouse. @throws TidemarkError when it is none, or the warehouse is not ready */
export async function recordRunResults({ environment, log }: Setup, path: string): Promise<RecordReport> {
  const artifact = readRunResults(path);
  const { results, unclear } = toModelResults(artifact);
  for (const { model } of unclear) log.warn({ model }, 'dbt gave the model a status that is not known: not recorded');
  const runId = artifact.metadata.invocation_id;
  const recorded = new Set(await record(environment, runId, results));
  return {
    runId,
    generatedAt: artifact.metadata.generated_at,
    command: artifact.args.which ?? null,
    recorded: recorded.size,
    skipped: results.length - recorded.size,
    models: results.map((result) => toRecorded(result, recorded.has(result.model))),
    laterInvocation: laterInvocation(path, artifact, log),
  };
}

/** The results are recorded: a manifest that cannot be read is no reason to say that they are not. */
function laterInvocation(path: string, artifact: RunResults, log: Setup['log']): Invocation | null {
  try {
    return readLaterInvocation(path, artifact);
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'CONFIG_INVALID') throw error;
    log.warn(`${error.message}: whether a later run of dbt was ended before its end is not known`);
    return null;
  }
}

function toRecorded(result: TransformResult, recorded: boolean): RecordedModel {
  return { ...result, recorded };
}

async function record(
  environment: Setup['environment'],
  runId: string,
  results: readonly TransformResult[],
): Promise<readonly string[]> {
  const { warehouse } = readConnections(environment, ['warehouse']);
  const tracking = await openLoadTracking(warehouse, { poolSize: 1, schema: warehouse.schema });
  try {
    await tracking.requireCurrent();
    return await tracking.recordTransforms(runId, results);
  } finally {
    await tracking.close();
  }
}

import type { TransformResult } from '@tidemark/tracking';

import type { RunResults } from './artifact-schema.ts';

type NodeResult = RunResults['results'][number];

/** What the artifact says of models; the macro `transform_results` of the dbt package reads a run the same way. */
export interface ModelResults {
  readonly results: readonly TransformResult[];
  /** Models whose status says neither that they were built nor that they were not, with that status. */
  readonly unclear: readonly { readonly model: string; readonly status: string }[];
}

/** Commands that build models. Others (compile, show, clone, docs) write results of models as well. */
const BUILDING = new Set(['run', 'build', 'retry']);

const FAILED = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success']);

/** Statuses of a model at which there was nothing to do. */
const IDLE = new Set(['no-op', 'reused']);

/** Whether the command built models, with rows: `--empty` and `--sample` say nothing of how fresh a model is. */
export function buildsModels({ args }: Pick<RunResults, 'args'>): boolean {
  return BUILDING.has(args.which ?? 'build') && !args.empty && !args.sample;
}

export function toModelResults(artifact: RunResults): ModelResults {
  if (!buildsModels(artifact)) return { results: [], unclear: [] };
  const models = artifact.results.filter(({ unique_id }) => unique_id.startsWith('model.'));
  const ended = lastCompleted(artifact);
  const known = models.filter(({ status }) => status === 'success' || FAILED.has(status));
  const unclear = models.filter((result) => !known.includes(result) && !IDLE.has(result.status));
  return {
    results: onePerModel(known.map((result) => toTransformResult(result, ended))),
    unclear: unclear.map((result) => ({ model: modelOf(result), status: result.status })),
  };
}

function toTransformResult(result: NodeResult, ended: string): TransformResult {
  const { status, timing } = result;
  const times = timing.flatMap(({ started_at: start, completed_at: end }) => (start && end ? [{ start, end }] : []));
  return {
    model: modelOf(result),
    status: status === 'success' ? 'success' : 'failed',
    error: status === 'success' ? null : status,
    rows: rowsOf(result),
    startedAt: times[0]?.start ?? ended,
    finishedAt: times.at(-1)?.end ?? ended,
  };
}

/** `model.package.patients` → `patients`; with its version where it has one. */
function modelOf({ unique_id }: NodeResult): string {
  return unique_id.split('.').slice(2).join('.');
}

/** Null where the adapter does not say: PostgreSQL has -1 for a view. */
function rowsOf({ adapter_response: response }: NodeResult): number | null {
  const rows = response?.rows_affected;
  return Number.isSafeInteger(rows) && Number(rows) >= 0 ? Number(rows) : null;
}

/** What was skipped has no time of its own: it counts as of the moment when the last node was done. */
function lastCompleted({ results, metadata }: RunResults): string {
  const times = results
    .filter(({ unique_id }) => !unique_id.startsWith('operation.'))
    .flatMap(({ timing }) => timing.flatMap(({ completed_at }) => completed_at ?? []));
  return times.toSorted().at(-1) ?? metadata.generated_at;
}

/** Two packages may have a model of the same name: one record says of both how they are, so the failed one counts. */
function onePerModel(results: readonly TransformResult[]): TransformResult[] {
  const worst = new Map<string, TransformResult>();
  for (const result of results) {
    const other = worst.get(result.model);
    if (!other || isWorse(result, other)) worst.set(result.model, result);
  }
  return [...worst.values()];
}

function isWorse(result: TransformResult, other: TransformResult): boolean {
  if (result.status !== other.status) return result.status === 'failed';
  return result.finishedAt > other.finishedAt;
}

import { dirname, join } from 'node:path';

import { isMissing, readTextFile, whyUnreadable } from '@tidemark/config';
import { TidemarkError } from '@tidemark/errors';

import { manifestSchema, runResultsSchema, type RunResults } from './artifact-schema.ts';

const HINT = "Run it in the dbt project's folder, or name dbt's run_results.json with --run-results.";

/** The oldest form of the artifact that has what is read. */
const OLDEST_VERSION = 5;

/** @throws TidemarkError CONFIG_INVALID when the file is not there or is no artifact of a dbt run */
export function readRunResults(path: string): RunResults {
  const json = parseJson(path, textOf(path));
  const version = versionOf(json);
  if (version === null) throw refused(`${path} is no run_results.json of dbt`, HINT);
  if (version < OLDEST_VERSION) {
    throw refused(
      `${path} has version ${version} of run_results.json`,
      'Version 5 and later is read: dbt 1.7 and later.',
    );
  }
  const parsed = runResultsSchema.safeParse(json);
  if (parsed.success) {
    if (liesAhead(parsed.data)) throw refused(`${path} has times of the future`, AHEAD_HINT);
    return parsed.data;
  }
  const where = parsed.error.issues[0]?.path.join('.');
  throw refused(
    `${path}: ${where} is not as dbt writes it`,
    'Build again with dbt, or report which dbt wrote the file.',
  );
}

const AHEAD_HINT = 'Set the clock of the machine that dbt runs on: later runs would not count beside such a record.';

/** Clocks differ; by a day, one of them is wrong. */
function liesAhead({ metadata, results }: RunResults): boolean {
  const limit = Date.now() + DAY_MS;
  const times = results.flatMap(({ timing }) => timing.flatMap(({ completed_at: end }) => end ?? []));
  return [metadata.generated_at, ...times].some((time) => Date.parse(time) > limit);
}

const DAY_MS = 86_400_000;

/** An invocation of dbt, by its id. */
export interface Invocation {
  readonly invocationId: string;
  readonly generatedAt: string;
}

/**
 * The invocation that dbt began after the one that wrote these results, by the manifest beside them; null where there is
 * none. It wrote no results of its own: it was killed, is still running, or was one that writes none, such as `dbt parse`.
 *
 * @throws TidemarkError CONFIG_INVALID when the manifest cannot be read: dbt may have been killed while it wrote it
 */
export function readLaterInvocation(path: string, { metadata }: RunResults): Invocation | null {
  const beside = join(dirname(path), 'manifest.json');
  let text: string;
  try {
    text = readTextFile(beside);
  } catch (error) {
    if (isMissing(error)) return null;
    if (error instanceof TidemarkError) throw error;
    throw refused(`cannot read ${beside}: ${whyUnreadable(error)}`, HINT);
  }
  const parsed = manifestSchema.safeParse(parseJson(beside, text));
  if (!parsed.success) return null;
  const { invocation_id: invocationId, generated_at: generatedAt } = parsed.data.metadata;
  const isLater = Date.parse(generatedAt) > Date.parse(metadata.generated_at);
  return isLater && invocationId !== metadata.invocation_id ? { invocationId, generatedAt } : null;
}

function textOf(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (error instanceof TidemarkError) throw error;
    throw refused(`cannot read ${path}: ${whyUnreadable(error)}`, HINT);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the file, and dbt's messages in there quote rows.
    throw refused(`${path} is no JSON, or only a part of one`, `dbt may be writing it still. ${HINT}`);
  }
}

function versionOf(json: unknown): number | null {
  const found = runResultsSchema.pick({ metadata: true }).safeParse(json);
  const version = /\/run-results\/v(\d+)\.json$/.exec(found.data?.metadata.dbt_schema_version ?? '')?.[1];
  return version === undefined ? null : Number(version);
}

function refused(message: string, hint: string): TidemarkError {
  return new TidemarkError('CONFIG_INVALID', { message, hint });
}

import { join } from 'node:path';
import { parseEnv } from 'node:util';

import { TidemarkError } from '@tidemark/errors';

import { configInvalid } from './config-invalid.ts';
import { processEnvironment, type Environment, type EnvironmentLayer } from './environment.ts';
import { isMissing, readTextFile, whyUnreadable } from './read-text-file.ts';

/**
 * A line of ours whose value has no quotes and a `#` in the middle of a word. .env readers take the rest for a comment:
 * half a password would be sent, and the server's "access denied" would not say why.
 */
const CUT_OFF =
  /^\s*(?:export\s+)?((?:OPENDENTAL_SOURCE|MYSQL_REPLICATION|POSTGRES_ANALYTICS|TIDEMARK)_\w+)\s*=\s*[^\s'"`#][^#]*(?<=\S)#/;

export interface EnvFileOptions {
  /** Where the optional `.env` lies. */
  readonly directory?: string;
}

/**
 * The environment with a .env file behind it: a variable of the process wins over the file's.
 *
 * @param path of `--env-file`, which must exist; null takes `.env` of the directory where there is one
 * @throws CONFIG_INVALID when the file cannot be read or would lose a part of a value
 */
export function loadEnvFile(
  path: string | null,
  values: EnvironmentLayer['values'],
  options: EnvFileOptions = {},
): Environment {
  const file = path ?? join(options.directory ?? process.cwd(), '.env');
  const outer = processEnvironment(values);
  let text: string;
  try {
    text = readTextFile(file);
  } catch (error) {
    if (error instanceof TidemarkError) throw error;
    if (path === null && isMissing(error)) return outer;
    throw configInvalid(
      [`${file}: cannot be read: ${whyUnreadable(error)}`],
      'Correct the path given with --env-file or TIDEMARK_ENV_FILE.',
    );
  }
  const cut = text.split(/\r?\n/).flatMap((line, index) => {
    const name = CUT_OFF.exec(line)?.[1];
    return name
      ? [`${file}:${index + 1}:1 ${name}: the value has a # and no quotes, so the rest of it would be lost`]
      : [];
  });
  if (cut.length > 0) throw configInvalid(cut, "Put the value in single quotes: NAME='…'.");
  return { layers: [...outer.layers, { origin: '.env', values: parseEnv(text) }] };
}

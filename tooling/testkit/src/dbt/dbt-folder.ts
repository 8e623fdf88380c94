import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * What is installed for tests. dbt-core 1.12 builds a parser from an archive outside of the Python package index while it
 * is installed, so not every machine can have it.
 */
export const DBT_REQUIREMENTS = ['dbt-core>=1.10,<1.12', 'dbt-postgres>=1.10,<2'] as const;

/** Outside of the checkout, so that it is installed once for all of them. Another requirement gets another name. */
export function dbtFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'tidemark', 'dbt-1.11');
}

/** The dbt that tests have installed, or null. */
export async function installedDbt(): Promise<string | null> {
  const program = join(dbtFolder(), 'bin', 'dbt');
  return access(program, constants.X_OK).then(
    () => program,
    () => null,
  );
}

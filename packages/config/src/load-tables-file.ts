import { existsSync } from 'node:fs';

import { TidemarkError } from '@tidemark/errors';

import { configInvalid } from './config-invalid.ts';
import { parseTables } from './parse-tables.ts';
import { readTextFile, whyUnreadable } from './read-text-file.ts';
import type { Setting } from './run-settings.ts';
import type { TablesFile } from './tables-file.ts';

/**
 * Reads a tables.yml.
 *
 * @throws CONFIG_INVALID when it cannot be read or holds a wrong value
 */
export function loadTablesFile(path: string): TablesFile {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    if (error instanceof TidemarkError) throw error;
    throw configInvalid(
      [`${path}: cannot be read: ${whyUnreadable(error)}`],
      'Name the file with --tables or TIDEMARK_TABLES; `tidemark init` writes a first one from the source.',
    );
  }
  return parseTables(text, path);
}

/**
 * The tables.yml that the settings point to; null when nobody named one and none lies in the default place.
 *
 * @throws CONFIG_INVALID when one that was named is missing, or any is wrong
 */
export function loadConfiguredTables(path: Setting<string>): TablesFile | null {
  return path.from === 'default' && !existsSync(path.value) ? null : loadTablesFile(path.value);
}

import {
  loadConfiguredTables,
  loadEnvFile,
  readRunSettings,
  type Environment,
  type RunSettings,
  type TablesFile,
} from '@tidemark/config';

import type { GlobalFlags } from '../program/global-flags.ts';
import { createLogger, type Logger } from '../logging/create-logger.ts';
import { openStderr, type Stderr } from '../logging/open-stderr.ts';

/** What a command starts from: everything that is configured, and where to say things. */
export interface Setup {
  readonly environment: Environment;
  /** Null: no tables.yml, every table of the source is synced. */
  readonly file: TablesFile | null;
  readonly settings: RunSettings;
  readonly log: Logger;
  readonly stderr: Stderr;
}

/** The flags that settings are read from; the commands that work on tables have the last two. */
export type SetupFlags = GlobalFlags & {
  readonly jobs?: number | undefined;
  readonly retries?: number | undefined;
};

/**
 * Whether a tables.yml that was named must be there. `init` writes it: there it may be missing, or is not to be read. Nor
 * is it read where no table is worked on.
 */
export type SetupFile = 'required' | 'optional' | 'ignored';

interface SetupOptions {
  readonly live: boolean;
  readonly file: SetupFile;
}

/** @throws TidemarkError CONFIG_INVALID when a flag, a variable or a file is wrong */
export async function setUp(flags: SetupFlags, { live, file: wanted }: SetupOptions): Promise<Setup> {
  const environment = loadEnvFile(envFile(flags), process.env);
  const { tables, jobs, retries } = flags;
  const given = { tables, jobs, retries, logLevel: flags['log-level'] };
  const path = readRunSettings(environment, given).tables;
  const file =
    wanted === 'ignored' ? null : loadConfiguredTables(wanted === 'optional' ? { ...path, from: 'default' } : path);
  const settings = readRunSettings(environment, given, file);
  const stderr = await openStderr(live);
  const log = createLogger({
    level: levelOf(settings, flags.quiet, stderr.live),
    format: flags['log-format'],
    colors: stderr.colors,
    write: (lines) => stderr.write(lines),
  });
  for (const warning of file?.warnings ?? []) log.warn(warning);
  return { environment, file, settings, log, stderr };
}

/** npx, a Node program itself, takes --env-file for its own: the variable is the way round it. Empty counts as not set. */
function envFile(flags: SetupFlags): string | null {
  const named = process.env['TIDEMARK_ENV_FILE'];
  return flags['env-file'] ?? (named === undefined || named === '' ? null : named);
}

/** A level that was asked for rules; else --quiet leaves errors, and a live display makes info lines superfluous. */
function levelOf({ logLevel }: RunSettings, quiet: boolean, live: boolean): RunSettings['logLevel']['value'] {
  if (logLevel.from === 'flag') return logLevel.value;
  if (quiet) return 'error';
  return live && logLevel.from === 'default' ? 'warn' : logLevel.value;
}

import { configInvalid } from './config-invalid.ts';
import { parseDuration } from './duration.ts';
import { readVariable, type Environment } from './environment.ts';
import { LOG_LEVELS, type LogLevel, type TablesFile } from './tables-file.ts';

export type SettingOrigin = 'flag' | 'environment' | '.env' | 'tables.yml' | 'default';

/** A value and who gave it, so that a surprised reader can be told. */
export interface Setting<T> {
  readonly value: T;
  readonly from: SettingOrigin;
}

export interface RunFlags {
  readonly tables?: string | undefined;
  readonly jobs?: number | string | undefined;
  readonly logLevel?: string | undefined;
  readonly retries?: number | string | undefined;
}

export interface RunSettings {
  /** Path of tables.yml. */
  readonly tables: Setting<string>;
  /** Tables worked on at the same time. */
  readonly jobs: Setting<number>;
  readonly logLevel: Setting<LogLevel>;
  /** How often a table is tried again after an error that may pass. */
  readonly retries: Setting<number>;
  /** Seconds that a connection may stand still before its server is asked whether it is still there. */
  readonly stallSeconds: Setting<number>;
}

/** Two: the source is in use by the practice, and every job reads from it. */
const DEFAULTS = { tables: 'tables.yml', jobs: 2, logLevel: 'info', retries: 3, stallSeconds: 120 } as const;

interface SettingRule<T> {
  /** None for what is the same in every run of a machine. */
  readonly flag?: string;
  readonly variable: string;
  readonly expected: string;
  readonly parse: (value: number | string) => T | null;
  readonly given: number | string | undefined;
  readonly inFile: T | null;
  readonly fallback: T;
}

/**
 * The settings of a run: flag, else environment, else .env file, else tables.yml, else the default.
 *
 * The path of tables.yml is among them, so callers read them without a file first and again with it.
 *
 * @throws CONFIG_INVALID naming every wrong flag and variable
 */
export function readRunSettings(
  environment: Environment,
  flags: RunFlags,
  file: TablesFile | null = null,
): RunSettings {
  const problems: string[] = [];
  const read = <T>(rule: SettingRule<T>): Setting<T> => {
    const { value, from, problem } = settle(environment, rule);
    if (problem !== null) problems.push(problem);
    return { value, from };
  };
  const settings = {
    tables: read<string>({
      flag: '--tables',
      variable: 'TIDEMARK_TABLES',
      expected: 'a path',
      parse: (value) => (value === '' ? null : String(value)),
      given: flags.tables,
      inFile: null,
      fallback: DEFAULTS.tables,
    }),
    jobs: read<number>({
      flag: '--jobs',
      variable: 'TIDEMARK_JOBS',
      expected: 'a whole number above 0',
      parse: parseJobs,
      given: flags.jobs,
      inFile: file?.run.jobs ?? null,
      fallback: DEFAULTS.jobs,
    }),
    logLevel: read<LogLevel>({
      flag: '--log-level',
      variable: 'TIDEMARK_LOG_LEVEL',
      expected: `one of ${LOG_LEVELS.join(', ')}`,
      parse: (value) => LOG_LEVELS.find((level) => level === String(value).toLowerCase()) ?? null,
      given: flags.logLevel,
      inFile: file?.run.logLevel ?? null,
      fallback: DEFAULTS.logLevel,
    }),
    retries: read<number>({
      flag: '--retries',
      variable: 'TIDEMARK_RETRIES',
      expected: 'a whole number, 0 or above',
      parse: parseWhole,
      given: flags.retries,
      inFile: file?.run.retries ?? null,
      fallback: DEFAULTS.retries,
    }),
    stallSeconds: read<number>({
      variable: 'TIDEMARK_STALL_TIMEOUT',
      expected: 'a duration above 0, such as 90 s or 2 min',
      parse: (value) => parseDuration(value) || null,
      given: undefined,
      inFile: file?.run.stallSeconds ?? null,
      fallback: DEFAULTS.stallSeconds,
    }),
  };
  if (problems.length > 0) throw configInvalid(problems, 'Correct the flags and variables named above.');
  return settings;
}

function settle<T>(environment: Environment, rule: SettingRule<T>): Setting<T> & { problem: string | null } {
  const variable = readVariable(environment, rule.variable);
  const text = rule.given ?? variable?.value;
  if (text === undefined) {
    return rule.inFile === null
      ? { value: rule.fallback, from: 'default', problem: null }
      : { value: rule.inFile, from: 'tables.yml', problem: null };
  }
  const name = rule.given === undefined ? rule.variable : (rule.flag ?? rule.variable);
  const from = rule.given === undefined ? (variable?.from ?? 'default') : 'flag';
  const value = rule.parse(text);
  return value === null
    ? { value: rule.fallback, from, problem: `${name}: expected ${rule.expected}` }
    : { value, from, problem: null };
}

function parseJobs(value: number | string): number | null {
  return parseWhole(value) || null;
}

function parseWhole(value: number | string): number | null {
  const whole = typeof value === 'number' || /^\d+$/.test(value) ? Number(value) : -1;
  return Number.isSafeInteger(whole) && whole >= 0 ? whole : null;
}

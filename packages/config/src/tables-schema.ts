import type { ColumnQualityPolicy, IncrementalLogic, Strategy } from '@tidemark/incremental';
import { z } from 'zod';

import { parseDuration } from './duration.ts';
import { EVERY_COLUMN, LOG_LEVELS, type DeletePolicy, type LookbackSeconds, type TimeWindow } from './tables-file.ts';

// The message of every issue is what was expected, in words; what was found is added where the place is known.

const DURATION = 'a duration such as 10m, 70 min, 1 day or a number of seconds';
const COUNT = 'a whole number above 0';

const word = z.string({ error: 'a name' }).min(1, { error: 'a name' });
const count = z.int({ error: COUNT }).positive({ error: COUNT });
const amount = z.number({ error: 'a number, 0 or above' }).nonnegative({ error: 'a number, 0 or above' });
const WHOLE = 'a whole number, 0 or above';
const wholeAmount = z.int({ error: WHOLE }).nonnegative({ error: WHOLE });
const columnList = z.array(word, { error: 'a list of column names' }).transform(withoutRepeats);

function oneOf<const T extends readonly string[]>(words: T) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

/** A value that `read` understands; it answers null to any other. */
function readBy<T>(expected: string, read: (value: unknown) => T | null) {
  return z.unknown().transform((input, context) => {
    const value = read(input);
    if (value !== null) return value;
    context.issues.push({ code: 'custom', message: expected, input });
    return z.NEVER;
  });
}

/** MySQL does not tell column names apart by case; the first spelling stays. */
function withoutRepeats(columns: readonly string[]): string[] {
  return [...Map.groupBy(columns, (column) => column.toLowerCase()).values()].flatMap((same) => same.slice(0, 1));
}

const lookback = z.unknown().transform((input, context): LookbackSeconds => {
  const isMap = typeof input === 'object' && input !== null && !Array.isArray(input);
  const seconds: Record<string, number> = Object.create(null);
  for (const [column, given] of Object.entries(isMap ? input : { [EVERY_COLUMN]: input })) {
    const parsed = parseDuration(given);
    if (parsed !== null) seconds[column] = parsed;
    else context.issues.push({ code: 'custom', message: DURATION, input: given, path: isMap ? [column] : [] });
  }
  return seconds;
});

const digestEvery = readBy('a duration such as 1 day, 0 for every run, or never', (value) =>
  value === 'never' ? value : parseDuration(value),
);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

const zone = readBy('the name of a time zone, such as America/Chicago', (value) => {
  if (typeof value !== 'string') return null;
  return isTimeZone(value) ? value : null;
});

const window = readBy('a span of the day in quotes, such as "21:00-06:00"', (value): TimeWindow | null => {
  const match =
    typeof value === 'string' ? /^([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)$/.exec(value) : null;
  if (!match) return null;
  const [from, until] = [Number(match[1]) * 60 + Number(match[2]), Number(match[3]) * 60 + Number(match[4])];
  return from === until ? null : { from, until };
});

const STRATEGIES = {
  full_table: 'full_table',
  incremental: 'incremental',
  chunked_incremental: 'incremental',
  incremental_chunked: 'incremental',
  digest: 'digest',
} as const satisfies Record<string, Strategy>;

const strategyWords = ['full_table', 'incremental', 'chunked_incremental', 'incremental_chunked', 'digest'] as const;
const logicWords = ['or', 'and'] as const satisfies readonly IncrementalLogic[];
const qualityWords = ['keep', 'skip'] as const satisfies readonly ColumnQualityPolicy[];
const deleteWords = ['remove', 'flag', 'ignore'] as const satisfies readonly DeletePolicy[];

const ownShape = {
  lookback: lookback.optional(),
  incremental_logic: oneOf(logicWords).optional(),
  column_quality: oneOf(qualityWords).optional(),
  deletes: oneOf(deleteWords).optional(),
  tags: z.array(word, { error: 'a list of words' }).optional(),
  time_column_zone: zone.optional(),
  digest_every: digestEvery.optional(),
  full_table_below_rows: wholeAmount.optional(),
};

/** One table of tables.yml. Unknown keys are kept: the files of the older pipeline have a dozen that mean nothing here. */
export const tableSchema = z.looseObject(
  {
    ...ownShape,
    table_name: word.optional(),
    extraction_strategy: oneOf(strategyWords)
      .transform((given): Strategy => STRATEGIES[given])
      .optional(),
    incremental_columns: columnList.optional(),
    primary_key: readBy('a column name or a list of column names', (value) => {
      const columns = Array.isArray(value) ? value : [value];
      const ok = columns.length > 0 && columns.every((column) => typeof column === 'string' && column !== '');
      return ok ? withoutRepeats(columns) : null;
    }).optional(),
    batch_size: count.optional(),
    estimated_rows: amount.optional(),
    estimated_size_mb: amount.optional(),
    performance_category: word.optional(),
    monitoring: z.looseObject({}, { error: 'a map' }).optional(),
    incremental_strategy: oneOf(['single_column', 'or_logic', 'and_logic', 'none']).optional(),
  },
  { error: 'a map of settings' },
);

/** Top-level `defaults:`. Ours alone, so an unknown key can only be a slip. */
export const defaultsSchema = z.looseObject(ownShape, { error: 'a map of settings' });

/** Below this a chunk would take so long that the other side gives up waiting for it. */
const RATE = 'a whole number, 100 or above';

const aboveZero = readBy('a duration above 0, such as 90 s or 2 min', (value) => parseDuration(value) || null);

/** The replica waits for rows for as long, and no longer. */
const LONGEST_STATEMENT_SECONDS = 600;

const statementTimeout = readBy('a duration above 0, 10 min at most', (value) => {
  const seconds = parseDuration(value) || null;
  return seconds !== null && seconds <= LONGEST_STATEMENT_SECONDS ? seconds : null;
});

/** Top-level `source:`. */
export const sourceSchema = z.looseObject(
  {
    window: window.optional(),
    max_rows_per_second: z.int({ error: RATE }).min(100, { error: RATE }).optional(),
    pause_above_threads_running: count.optional(),
    statement_timeout: statementTimeout.optional(),
  },
  { error: 'a map of settings' },
);

const keepFor = readBy('a duration such as 30 days, or forever', (value) =>
  value === 'forever' ? value : parseDuration(value),
);

/** Top-level `keep:`. */
export const keepSchema = z.looseObject(
  { tombstones: keepFor.optional(), history: keepFor.optional() },
  { error: 'a map of settings' },
);

/** Top-level `run:`. */
export const runSchema = z.looseObject(
  {
    jobs: count.optional(),
    log_level: oneOf(LOG_LEVELS).optional(),
    retries: wholeAmount.optional(),
    stall_timeout: aboveZero.optional(),
  },
  { error: 'a map of settings' },
);

export type ParsedTable = z.output<typeof tableSchema>;
export type ParsedOwn = z.output<z.ZodObject<typeof ownShape>>;

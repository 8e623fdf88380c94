import { driverCodeOf, nameOfError } from '@tidemark/errors';
import { pino, type LevelWithSilent, type LogFn, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';

export type { Logger };

export interface LogOptions {
  readonly level: LevelWithSilent;
  readonly format: 'pretty' | 'json';
  readonly colors: boolean;
  /** Takes whole lines. */
  readonly write: (line: string) => void;
}

/** Names under which a secret or a row value might be logged by mistake, at any of the first two depths. */
const NEVER_LOGGED = ['password', 'url', 'connection', 'endpoint', 'environment', 'params', 'values', 'rows', 'cause'];

/**
 * The one logger of a command. Fields in use: table, hop, runId, plan, reason, counts, durationMs, code.
 *
 * Lines are written at once and not by a worker thread, so that none is lost when the process is ended.
 */
export function createLogger({ level, format, colors, write }: LogOptions): Logger {
  // The words say what matters; all fields are for machines, and for whoever asks for detail.
  const hideObject = level !== 'debug' && level !== 'trace';
  const prettify = format === 'pretty' ? prettyFactory({ colorize: colors, hideObject, ...PRETTY }) : null;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: NEVER_LOGGED.flatMap((name) => [name, `*.${name}`]), censor: '[not logged]' },
      serializers: { err: withoutDriverText, error: withoutDriverText },
      hooks: {
        logMethod(line, log) {
          log.apply(this, withWords(line));
        },
      },
    },
    { write: (line) => write(prettify ? `${prettify(line).trimEnd()}\n` : line) },
  );
}

const PRETTY = { ignore: 'pid,hostname', singleLine: true, translateTime: 'SYS:HH:MM:ss' } as const;

/** An error's message may quote rows (promise P8) where it is not ours; its class and codes never do. */
function withoutDriverText(error: unknown): Record<string, unknown> {
  const code = driverCodeOf(error);
  return { type: nameOfError(error), ...(code === '' ? {} : { code }) };
}

/** Of a line without words pino takes those of the error in it. */
function withWords(line: Parameters<LogFn>): Parameters<LogFn> {
  const [fields]: unknown[] = line;
  return line.length === 1 && typeof fields === 'object' ? [fields, 'an error'] : line;
}

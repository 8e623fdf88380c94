import { nameOfError, TidemarkError } from '@tidemark/errors';

/** What is told of an error that ends the command. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
  /** Places in the code only; null for errors that a reader of the message can mend. */
  readonly stack: string | null;
}

/** oclif's own errors: a flag that does not exist, an argument too many, a command that is not there. */
interface UsageError extends Error {
  readonly oclif: { readonly exit?: number };
}

function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && 'oclif' in error;
}

/**
 * Turns whatever ended a command into what may be told.
 *
 * Of an unexpected error neither the message nor anything attached is told: it may come from a driver and quote a row
 * (promise P8). The stack without its first lines says where it happened.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof TidemarkError) {
    const { code, message, hint, exitCode } = error;
    return { code, message, hint, exitCode, stack: code === 'INTERNAL' ? placesOf(error) : null };
  }
  if (isUsageError(error)) {
    return { code: 'CONFIG_INVALID', ...usageWords(error.message), exitCode: 2, stack: null };
  }
  return {
    code: 'INTERNAL',
    message: `unexpected ${nameOfError(error)}`,
    hint: 'This is a defect: report it with the command and its output under --log-level debug.',
    exitCode: 1,
    stack: error instanceof Error ? placesOf(error) : null,
  };
}

/** oclif's words in the form of ours. */
function usageWords(message: string): { message: string; hint: string } {
  const command = /^command (.*) not found\.?$/is.exec(message)?.[1];
  if (command !== undefined) {
    return {
      message: `there is no command ${command.replaceAll(':', ' ')}`,
      hint: '`tidemark --help` lists the commands, and COMMAND --help says what each takes.',
    };
  }
  return {
    message: message
      .replace(/\nSee more help with --help$/, '')
      .replace(/^Parsing (--[\w-]+) \n\tExpected/, '$1: expected')
      // What was given to a flag that does not exist may be a password.
      .replace(/^(Nonexistent flags?: .*?--[\w-]+)=[^]*$/, '$1'),
    hint: 'Run the command with --help to see what it takes.',
  };
}

/** A frame as V8 prints it: `at name (file:///…:1:2)` or `at node:fs:1:2`. */
const PLACE = /^ {4}at (?:[^()]+ \()?(?:file:|node:|\/|[A-Z]:\\)[^()]*:\d+:\d+\)?$/;

/** The message stands above the frames, and a text of several lines may look like some: what follows it counts. */
function placesOf({ stack, message }: Error): string | null {
  const begin = stack?.indexOf(message) ?? -1;
  if (!stack || begin === -1) return null;
  const lines = stack.slice(begin + message.length).split('\n');
  const places = lines.filter((line) => PLACE.test(line));
  return places.length > 0 ? places.join('\n') : null;
}

/** `Error: message (CODE)` and the way on below it; a message of several lines gets a line each. */
export function renderFailure({ code, message, hint }: Failure): string {
  const lines = message.split('\n');
  const head = lines.length === 1 ? [`Error: ${message} (${code})`] : [`Error (${code}):`, ...lines.map(indent)];
  return [...head, `  → ${hint}`].join('\n');
}

function indent(line: string): string {
  return `  ${line}`;
}

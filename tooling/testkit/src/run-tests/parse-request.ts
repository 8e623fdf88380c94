import { parseArgs } from 'node:util';

/** `test`, or `test:long`: minutes instead of seconds, hundreds of cases instead of a few. */
export type TestTask = 'test' | 'test:long';

export interface TestRequest {
  readonly task: TestTask;
  /** Packages as turbo wants them. None means all that have the task. */
  readonly filters: readonly string[];
}

/** Reads the command line: `--long`, and packages. A plain word is a folder's name. */
export function parseRequest(args: readonly string[]): TestRequest {
  // Some package managers hand on the `--` that separates a script's arguments from their own.
  const own = args.filter((arg) => arg !== '--');
  const { values, positionals } = parseArgs({
    args: [...own],
    allowPositionals: true,
    options: { filter: { type: 'string', multiple: true, short: 'F' }, long: { type: 'boolean' } },
  });
  const named = [...(values.filter ?? []), ...positionals];
  return {
    task: values.long === true ? 'test:long' : 'test',
    filters: named.map((name) => (/^[\w-]+$/.test(name) ? `./*/${name}` : name)),
  };
}

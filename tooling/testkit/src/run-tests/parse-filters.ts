import { parseArgs } from 'node:util';

/** The packages named on the command line, as turbo wants them. None means all. A plain word is a folder's name. */
export function parseFilters(args: readonly string[]): string[] {
  // Some package managers hand on the `--` that separates a script's arguments from their own.
  const own = args[0] === '--' ? args.slice(1) : args;
  const { values, positionals } = parseArgs({
    args: [...own],
    allowPositionals: true,
    options: { filter: { type: 'string', multiple: true, short: 'F' } },
  });
  return [...(values.filter ?? []), ...positionals].map((name) => (/^[\w-]+$/.test(name) ? `./*/${name}` : name));
}

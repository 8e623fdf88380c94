import { toFailure, renderFailure } from './failure.ts';
import { wantsJson } from './wants-json.ts';

/**
 * Tells why the command ended: as JSON on stdout where JSON was asked for, else in words on stderr.
 *
 * @returns the exit code
 */
export function tellFailure(error: unknown, argv: readonly string[]): number {
  const failure = toFailure(error);
  if (wantsJson(argv)) {
    const { code, message, hint } = failure;
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint } }, null, 2)}\n`);
  } else {
    process.stderr.write(`${renderFailure(failure)}\n`);
  }
  if (failure.stack !== null && asksForDetail(argv)) process.stderr.write(`${failure.stack}\n`);
  return failure.exitCode;
}

/** Read from the words themselves: the error may have come before the flags were parsed. */
function asksForDetail(argv: readonly string[]): boolean {
  const at = argv.indexOf('--log-level');
  const level = at === -1 ? argv.find((word) => word.startsWith('--log-level='))?.slice(12) : argv[at + 1];
  return /^(debug|trace)$/i.test(level ?? process.env['TIDEMARK_LOG_LEVEL'] ?? '');
}

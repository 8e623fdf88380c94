/**
 * The arguments as oclif takes them. `help run` is `run --help`; a `--` in front, which `pnpm run` passes on with what
 * follows it, says nothing.
 */
export function readArguments(given: readonly string[]): string[] {
  const argv = given[0] === '--' ? given.slice(1) : [...given];
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
}

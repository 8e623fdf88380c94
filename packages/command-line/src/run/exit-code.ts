import type { TableOutcome } from './outcome.ts';

/**
 * The exit code of a finished run.
 *
 * A failure outweighs a lock: 5 says that nothing is wrong but another run was there, so trying again later is enough.
 */
export function exitCodeOf(outcomes: readonly TableOutcome[]): 0 | 1 | 5 {
  const codes = outcomes.flatMap(({ error }) => error?.code ?? []);
  if (codes.length === 0) return 0;
  return codes.every((code) => code === 'TABLE_LOCKED') ? 5 : 1;
}

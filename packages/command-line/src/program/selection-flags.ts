import { Args, Flags } from '@oclif/core';

/** `[TABLE…]`. Never read from stdin: a run in a pipe would take whatever comes for table names. */
export const TABLE_ARGS = {
  table: Args.string({
    description: 'Tables to take; all that are synced when none is named.',
    multiple: true,
    ignoreStdin: true,
  }),
};

/** Which tables, beyond naming them. */
export const SELECTION_FLAGS = {
  select: Flags.string({
    char: 's',
    summary: 'Take these tables: a name, a glob, tag:NAME, result:error, result:success or result:pending.',
    helpValue: 'TERM',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
  }),
  exclude: Flags.string({
    char: 'x',
    summary: 'Leave these tables out; the same terms.',
    helpValue: 'TERM',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
  }),
};

/** What was asked for, as the terms of `selectTables`. */
export interface Terms {
  readonly select: readonly string[];
  readonly exclude: readonly string[];
}

export function toTerms(
  named: readonly string[] | undefined,
  flags: { readonly select: readonly string[] | undefined; readonly exclude: readonly string[] | undefined },
): Terms {
  return { select: [...(named ?? []), ...(flags.select ?? [])], exclude: flags.exclude ?? [] };
}

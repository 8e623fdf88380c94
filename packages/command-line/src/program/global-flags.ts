import { Flags } from '@oclif/core';

/** Flags that every command takes. Values are checked where those of the environment and of tables.yml are, too. */
export const GLOBAL_FLAGS = {
  json: Flags.boolean({
    summary: 'Print the result as one JSON object on stdout, an error too.',
    helpGroup: 'GLOBAL',
  }),
  tables: Flags.string({
    summary: 'Path of tables.yml.',
    description:
      'Else TIDEMARK_TABLES, else tables.yml of this folder; without one every table of the source is synced.',
    helpValue: 'FILE',
    helpGroup: 'GLOBAL',
  }),
  'env-file': Flags.string({
    summary: 'Path of a .env file with the connections.',
    description:
      'Else TIDEMARK_ENV_FILE, else .env of this folder where there is one. Variables of the environment win over it.',
    helpValue: 'FILE',
    helpGroup: 'GLOBAL',
  }),
  'log-level': Flags.string({
    summary: 'Least level of the log on stderr: trace, debug, info, warn, error, fatal or silent.',
    description:
      'Else TIDEMARK_LOG_LEVEL, else run.log_level of tables.yml, else info; warn while a live display shows the same.',
    helpValue: 'LEVEL',
    helpGroup: 'GLOBAL',
  }),
  'log-format': Flags.option({
    summary: 'Form of the log on stderr.',
    options: ['pretty', 'json'] as const,
    default: 'pretty' as const,
    helpValue: 'pretty|json',
    helpGroup: 'GLOBAL',
  })(),
  quiet: Flags.boolean({
    // Not `char`: help aligns the flags of this group only when none of them has one.
    charAliases: ['q'],
    summary: 'Print errors only (-q): no result in words, no progress, no log below error.',
    helpGroup: 'GLOBAL',
  }),
};

/** The parsed flags of above. */
export interface GlobalFlags {
  readonly tables: string | undefined;
  readonly 'env-file': string | undefined;
  readonly 'log-level': string | undefined;
  readonly 'log-format': 'pretty' | 'json';
  readonly quiet: boolean;
}

import { Flags } from '@oclif/core';

export const JOBS_FLAG = {
  jobs: Flags.integer({
    char: 'j',
    summary: 'Tables worked on at the same time; each job is one connection to the source.',
    description: 'Else TIDEMARK_JOBS, else run.jobs of tables.yml, else 2.',
    helpValue: 'N',
    min: 1,
  }),
};

export const RETRIES_FLAG = {
  retries: Flags.integer({
    summary: 'How often a table is tried again after an error that may pass, such as a lost connection.',
    description: 'Else TIDEMARK_RETRIES, else run.retries of tables.yml, else 3.',
    helpValue: 'N',
    min: 0,
  }),
};

export const FULL_REFRESH_FLAG = {
  'full-refresh': Flags.boolean({
    summary: 'Read the selected tables whole, whatever has been copied before.',
  }),
};

export const DRY_RUN_FLAG = {
  'dry-run': Flags.boolean({
    summary: 'Say what would be done and why, and do nothing: the same as tidemark plan.',
  }),
};

export const ALLOW_DELETES_FLAG = {
  'allow-deletes': Flags.boolean({
    summary: 'Carry out deletes also where they are more than the cap allows.',
  }),
};

export const IGNORE_WINDOW_FLAG = {
  'ignore-window': Flags.boolean({
    summary: 'Read the source also outside the time window of tables.yml (source.window).',
  }),
};

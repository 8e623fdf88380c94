import type { Command } from '@oclif/core';

import Copy from './commands/copy.ts';
import Doctor from './commands/doctor.ts';
import History from './commands/history.ts';
import Init from './commands/init.ts';
import Load from './commands/load.ts';
import Metrics from './commands/metrics.ts';
import Migrate from './commands/migrate.ts';
import Plan from './commands/plan.ts';
import Run from './commands/run.ts';
import Status from './commands/status.ts';
import TransformRecord from './commands/transform/record.ts';
import Verify from './commands/verify.ts';

/** Every command by its name. The modules hold flags and help only; what they need is imported when they run. */
export const COMMANDS: Readonly<Record<string, Command.Class>> = {
  init: Init,
  migrate: Migrate,
  plan: Plan,
  run: Run,
  copy: Copy,
  load: Load,
  verify: Verify,
  status: Status,
  history: History,
  metrics: Metrics,
  doctor: Doctor,
  'transform:record': TransformRecord,
};

export { toFailure, renderFailure, type Failure } from './program/failure.ts';
export { GLOBAL_FLAGS, type GlobalFlags } from './program/global-flags.ts';
export { runProgram, type Program } from './program/run-program.ts';
export { SELECTION_FLAGS, TABLE_ARGS, toTerms, type Terms } from './program/selection-flags.ts';
export { listenForStop, type StopSignal } from './program/stop-signal.ts';
export { TidemarkCommand } from './program/tidemark-command.ts';
export {
  ALLOW_DELETES_FLAG,
  DRY_RUN_FLAG,
  FULL_REFRESH_FLAG,
  IGNORE_WINDOW_FLAG,
  JOBS_FLAG,
  RETRIES_FLAG,
} from './program/work-flags.ts';
export type { Setup, SetupFlags } from './settings/set-up.ts';
export type { Logger } from './logging/create-logger.ts';

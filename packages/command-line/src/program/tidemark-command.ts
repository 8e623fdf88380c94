import { Command } from '@oclif/core';

import type { Setup, SetupFile, SetupFlags } from '../settings/set-up.ts';
import { GLOBAL_FLAGS, type GlobalFlags } from './global-flags.ts';

/**
 * What the commands share: global flags, `--json`, and where results go.
 *
 * `run()` returns the report; oclif prints it where `--json` was given, `present` prints it in words where not. Errors
 * pass through to `main.ts`, which tells all of them alike.
 */
export abstract class TidemarkCommand extends Command {
  static override readonly enableJsonFlag = true;
  static override readonly baseFlags = GLOBAL_FLAGS;

  /** Reads .env, environment, tables.yml; makes the logger. */
  protected async setUp(flags: SetupFlags, file: SetupFile = 'required'): Promise<Setup> {
    const { setUp } = await import('../settings/set-up.ts');
    return setUp(flags, { live: !this.jsonEnabled() && !flags.quiet, file });
  }

  /** Prints the result in words, unless it is printed as JSON or not wanted. */
  protected present(flags: Pick<GlobalFlags, 'quiet'>, render: () => string): void {
    if (!this.jsonEnabled() && !flags.quiet) this.log(render());
  }

  protected endWith(exitCode: number): void {
    process.exitCode = exitCode;
  }

  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}

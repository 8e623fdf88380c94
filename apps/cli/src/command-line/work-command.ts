import type { PlanInput, PlanReport } from '../plan/plan-tables.ts';
import type { RunInput } from '../run/run-hops.ts';
import type { RunReport } from '../run/run-report.ts';
import type { SetupFlags } from '../settings/set-up.ts';
import { TidemarkCommand } from './tidemark-command.ts';

/** What `run`, `copy`, `load` and `plan` share: working on tables, or saying what would be done. */
export abstract class WorkCommand extends TidemarkCommand {
  protected async work(flags: SetupFlags, input: RunInput): Promise<RunReport> {
    const setup = await this.setUp(flags);
    const [{ runHops }, { renderRun }] = await Promise.all([
      import('../run/run-hops.ts'),
      import('../run/render-run.ts'),
    ]);
    const { report, outcomes, durationMs, exitCode } = await runHops(setup, input);
    this.present(flags, () => renderRun({ runId: report.runId, hops: input.hops, outcomes, durationMs }));
    this.endWith(exitCode);
    return report;
  }

  protected async planOnly(flags: SetupFlags, input: PlanInput): Promise<PlanReport> {
    const setup = await this.setUp(flags);
    const [{ planTables }, { renderPlans }] = await Promise.all([
      import('../plan/plan-tables.ts'),
      import('../plan/render-plans.ts'),
    ]);
    const report = await planTables(setup, input);
    this.present(flags, () => renderPlans(report));
    return report;
  }
}

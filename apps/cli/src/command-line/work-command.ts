import { TidemarkCommand, type SetupFlags } from '@tidemark/command-line';
import type { RunInput, RunReport } from '@tidemark/command-line/run';

import type { PlanInput, PlanReport } from '../plan/plan-tables.ts';

/** What `run`, `copy`, `load` and `plan` share: working on tables, or saying what would be done. */
export abstract class WorkCommand extends TidemarkCommand {
  protected async work(flags: SetupFlags, input: RunInput): Promise<RunReport> {
    const setup = await this.setUp(flags);
    const { renderRun, runHops } = await import('@tidemark/command-line/run');
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

import type { Setup } from '@tidemark/command-line';
import { copySettings, loadSettings } from '@tidemark/command-line/run';
import { loadTable } from '@tidemark/loader';
import { copyTable } from '@tidemark/replicator';
import type { DifferingRow, VerifyDeps } from '@tidemark/verifier';

export interface RepairInput {
  readonly file: Setup['file'];
  readonly deps: VerifyDeps;
  readonly runId: string;
  readonly table: string;
  readonly rows: readonly DifferingRow[];
  /** Rows that the source was found to have. */
  readonly sourceRows: number;
  readonly allowDeletes: boolean;
}

/**
 * Copies and loads just the rows that differ, on the ordinary way and in the ordinary transactions of both hops.
 *
 * @throws TidemarkError
 */
export async function repairRows(input: RepairInput): Promise<void> {
  const { file, deps, runId, table, rows, allowDeletes } = input;
  const { source, replica, signal, stallTimeoutMs, throttle, statementTimeoutSeconds } = deps;
  const common = { table, runId, fullRefresh: false, allowDeletes };
  const wrong = rows.filter(({ inCopy }) => inCopy);
  if (wrong.length > 0) {
    const repair = {
      ranges: [],
      changedKeys: wrong.filter(({ inSource }) => inSource).map(({ key }) => key),
      goneKeys: wrong.filter(({ inSource }) => !inSource).map(({ key }) => key),
      // Of a part that was compared this is not all; the copy itself asks whether the source is empty.
      sourceRows: Math.max(1, input.sourceRows),
    };
    await copyTable(
      { source, replica, tracking: deps.copyTracking, signal, stallTimeoutMs, throttle, statementTimeoutSeconds },
      { ...common, settings: copySettings(file, table), repair },
    );
  }
  await loadTable(
    { replica, tracking: deps.loadTracking, signal, stallTimeoutMs },
    { ...common, settings: loadSettings(file, table), repair: { keys: rows.map(({ key }) => key) } },
  );
}

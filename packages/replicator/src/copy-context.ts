import { TidemarkError } from '@tidemark/errors';
import type { SnapshotTime } from '@tidemark/incremental';
import type { ColumnDescription, MysqlSession, TableDescription } from '@tidemark/mysql';
import type { CopySession, HopState } from '@tidemark/tracking';

import type { CopyDeps, CopyInput } from './types.ts';
import type { UpgradeSigns } from './upgrade-signs.ts';

/** Everything that is known once a table is locked, described and planned; handed to the one-verb files. */
export interface CopyContext {
  readonly deps: CopyDeps;
  readonly input: CopyInput;
  readonly session: CopySession;
  readonly source: MysqlSession;
  readonly replica: MysqlSession;
  readonly sourceTable: TableDescription;
  readonly replicaTable: TableDescription;
  /** The columns that are copied, in the source's order. */
  readonly columns: readonly ColumnDescription[];
  readonly key: readonly string[];
  readonly structure: string;
  readonly snapshot: SnapshotTime;
  readonly openTransactionAgeSeconds: number | null;
  /** As they were before the first row was read. */
  readonly signs: UpgradeSigns;
  /** The record of the last success, or of a first copy under way; null when there is none. */
  readonly state: HopState | null;
  /** The sequence that rows changed by this run get. */
  readonly sequence: string;
}

/** @throws TidemarkError STOPPED when the run was asked to end; called at safe points only */
export function stopIfAsked(context: Pick<CopyContext, 'deps' | 'input'>): void {
  if (context.deps.signal?.aborted === true) throw stopped(context.input);
}

export function stopped({ table }: Pick<CopyInput, 'table'>): TidemarkError {
  return new TidemarkError('STOPPED', {
    message: 'stopped on request before the table was done',
    hint: 'Run again: it goes on from the last recorded state.',
    table,
  });
}

import { TidemarkError } from '@tidemark/errors';
import type { MysqlSession } from '@tidemark/mysql';
import type { HopState, LoadSession } from '@tidemark/tracking';
import type { PoolClient } from 'pg';

import type { ReplicaTable } from './find-replica-table.ts';
import type { MarkFollower } from './follow-marks.ts';
import type { LoadPlan } from './plan-load.ts';
import type { RawTarget } from './raw-target.ts';

import type { LoadDeps, LoadInput } from './types.ts';

/** Everything that is known once a table is locked, described and planned; handed to the one-verb files. */
export interface LoadContext {
  readonly deps: LoadDeps;
  readonly input: LoadInput;
  readonly session: LoadSession;
  readonly client: PoolClient;
  readonly replica: MysqlSession;
  readonly replicaTable: ReplicaTable;
  readonly target: RawTarget;
  /** The record of the last success; null when there is none. */
  readonly state: HopState | null;
  readonly structure: string;
  readonly plan: LoadPlan;
  readonly marks: MarkFollower;
}

/** @throws TidemarkError STOPPED when the run was asked to end; called at safe points only */
export function stopIfAsked({ deps, input }: Pick<LoadContext, 'deps' | 'input'>): void {
  if (deps.signal?.aborted === true) throw stopped(input);
}

export function stopped({ table }: Pick<LoadInput, 'table'>): TidemarkError {
  return new TidemarkError('STOPPED', {
    message: 'stopped on request before the table was done',
    hint: 'Run again: nothing of the stopped load was recorded.',
    table,
  });
}

import { plan, quoteMysqlIdentifier, type PlanColumn, type PlanSettings } from '@tidemark/incremental';
import { SEQUENCE_COLUMN, toPlanTable, type MysqlParameter } from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';

import { COLUMNS_CHANGED, whatChanged, withoutPolicy } from './loaded-structure.ts';
import type { ReplicaTable } from './find-replica-table.ts';
import type { RawTarget } from './raw-target.ts';

/** Copy sequences after the one, up to and with the other. */
export interface SequenceRange {
  readonly after: string;
  readonly upTo: string;
}

/** What is read from the replica, and why. */
export interface LoadPlan {
  /** `nothing`: the copy hop has changed nothing since the last load. `repair`: rows that were named, and no other. */
  readonly kind: 'full' | 'incremental' | 'nothing' | 'repair';
  /** A sentence for people; holds no row value. */
  readonly reason: string;
  /** Condition on the replica's rows. */
  readonly where: { readonly sql: string; readonly params: readonly MysqlParameter[] };
  /** Whose tombstones are applied; null where a full read shows what is gone, or the replica has none. */
  readonly tombstones: SequenceRange | null;
  /** Columns whose watermark this load moves itself, for a replica without a copy sequence. */
  readonly observe: readonly PlanColumn[];
}

export interface PlanLoadInput {
  readonly replica: ReplicaTable;
  readonly raw: Pick<RawTarget, 'exists' | 'hasRows' | 'changed'>;
  /** The record of the last success; null when there is none. */
  readonly state: HopState | null;
  readonly structure: string;
  /** Whether the replica still holds a row that the last load has seen. */
  readonly buildsOnLastLoad: boolean;
  readonly fullRefresh: boolean;
  readonly settings: PlanSettings;
}

const FIRST_LOAD = 'First load of this table.';

const EVERY_ROW = { sql: 'TRUE', params: [] } as const;

/** Decides what to read. Pure: every case is a line in a table test. */
export function planLoad(input: PlanLoadInput): LoadPlan {
  const sequence = input.replica.copy?.copySequence ?? null;
  if (!input.replica.hasSequence || sequence === null) return planByColumns(input);
  const { state } = input;
  const reason =
    whyEverything(input) ?? whySequenceStartsAnew(state, sequence) ?? whyTooLate(state, input.replica.copy?.prunedTo);
  if (reason !== null || state === null || state.copySequence === null) return full(reason ?? FIRST_LOAD);
  if (state.copySequence === sequence) {
    return { ...full('The copy hop has changed nothing since the last load.'), kind: 'nothing' };
  }
  if (!input.buildsOnLastLoad) return full('Every row of the replica was copied anew since the last load.');
  const name = quoteMysqlIdentifier(SEQUENCE_COLUMN);
  return {
    kind: 'incremental',
    reason: `Rows changed by the copies after ${state.copySequence}, up to ${sequence}.`,
    where: { sql: `${name} > ? AND ${name} <= ?`, params: [BigInt(state.copySequence), BigInt(sequence)] },
    tombstones: { after: state.copySequence, upTo: sequence },
    observe: [],
  };
}

function full(reason: string): LoadPlan {
  return { kind: 'full', reason, where: EVERY_ROW, tombstones: null, observe: [] };
}

/** Why the last load is nothing to build on; null when it is. */
function whyEverything({ fullRefresh, state, raw, structure }: PlanLoadInput): string | null {
  if (fullRefresh) return 'A full refresh was asked for.';
  if (state === null) return FIRST_LOAD;
  if (!raw.exists) return 'The raw table is gone.';
  if (state.rows > 0 && !raw.hasRows) return 'The raw table was emptied.';
  if (raw.changed) return COLUMNS_CHANGED;
  return whatChanged(state.structure, structure);
}

function whySequenceStartsAnew(state: HopState | null, sequence: string): string | null {
  if (state === null) return null;
  if (state.copySequence === null) return 'The last load knew no copy sequence.';
  return BigInt(state.copySequence) > BigInt(sequence) ? 'The copy sequence went back: the replica was rebuilt.' : null;
}

/** Tombstones that this warehouse has not loaded are gone: pruned for another one, or for this one before a restore. */
function whyTooLate(state: HopState | null, prunedTo: string | null | undefined): string | null {
  if (state?.copySequence == null || prunedTo == null || BigInt(state.copySequence) >= BigInt(prunedTo)) return null;
  return 'Tombstones since the last load are no longer kept: only a full read shows what is gone.';
}

/** A replica that Tidemark did not build: its rows are found by their stamps, and what it deleted only by a full read. */
function planByColumns(input: PlanLoadInput): LoadPlan {
  const { description, key } = input.replica;
  const { state } = input;
  const recorded = state?.structure == null ? null : withoutPolicy(state.structure);
  const chosen = plan({
    table: toPlanTable(description, key),
    settings: input.settings,
    state: state && { ...state, structure: recorded },
    structure: withoutPolicy(input.structure),
    replicaIsNew: false,
    force: false,
    observations: state?.columnQuality ?? [],
  });
  const reason = whyEverything(input);
  if (reason !== null) return { ...full(reason), observe: chosen.observe };
  if (chosen.kind !== 'incremental') {
    const why =
      chosen.kind === 'digest' ? `The replica has no copy sequence. ${chosen.reason.text}` : chosen.reason.text;
    return { ...full(why), observe: chosen.observe };
  }
  return {
    kind: 'incremental',
    reason: `The replica has no copy sequence. ${chosen.reason.text}`,
    where: { sql: chosen.predicate.sql, params: chosen.predicate.params },
    tombstones: null,
    observe: chosen.observe,
  };
}

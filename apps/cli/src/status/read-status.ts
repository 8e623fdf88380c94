import type { Setup, Terms } from '@tidemark/command-line';
import { toIso } from '@tidemark/command-line/render';
import { isModelOf, openBothTrackings } from '@tidemark/command-line/run';
import type { ErrorCode } from '@tidemark/errors';
import type { HopState, Proof, TrackingStatus, TransformState } from '@tidemark/tracking';

import { shownMark } from '../render/shown-mark.ts';
import { chooseTracked } from './choose-tracked.ts';

/** By incremental column; null for a number, which may be a row's key (promise P8). */
type ShownMarks = Readonly<Record<string, string | null>>;

export interface CopyStatus {
  readonly status: TrackingStatus;
  readonly lastCopied: string | null;
  readonly rowsCopied: number;
  readonly watermarks: ShownMarks;
  /** The source's time that the replica's rows stand for. */
  readonly sourceAsOf: string | null;
  readonly strategy: string | null;
  readonly lastError: ErrorCode | null;
  readonly consecutiveFailures: number;
}

export interface LoadStatus {
  readonly status: TrackingStatus;
  readonly lastLoaded: string | null;
  readonly rowsLoaded: number;
  readonly watermarks: ShownMarks;
  /** The source's time that the raw rows stand for. */
  readonly sourceAsOf: string | null;
  readonly strategy: string | null;
  readonly lastError: ErrorCode | null;
  readonly consecutiveFailures: number;
}

export interface TransformStatus {
  readonly model: string;
  readonly status: TrackingStatus;
  readonly lastTransformed: string | null;
  readonly rowsTransformed: number;
  readonly lastError: string | null;
  readonly consecutiveFailures: number;
}

/** One table over the three tiers; null where a tier has no record of it. */
export interface TableStatus {
  readonly table: string;
  readonly copy: CopyStatus | null;
  readonly load: LoadStatus | null;
  readonly transform: TransformStatus | null;
  /** How far the warehouse's rows lie behind, by this machine's clock; null where nothing was ever loaded. */
  readonly lagSeconds: number | null;
  /** When `tidemark verify` last compared it whole and found it equal in all three databases; null for never. */
  readonly provedAt: string | null;
}

export interface StatusReport {
  readonly tables: readonly TableStatus[];
}

/** The records of the three tiers side by side, for every table that is configured or has one. */
export async function readStatus({ environment, file }: Setup, terms: Terms): Promise<StatusReport> {
  await using tracking = await openBothTrackings({ environment });
  await Promise.all([tracking.copy.requireCurrent(), tracking.load.requireCurrent()]);
  const [copied, loaded, transformed, proved] = await Promise.all([
    tracking.copy.states(),
    tracking.load.states(),
    tracking.load.transformStates(),
    tracking.load.proofs(),
  ]);
  const tables = chooseTracked({ file, copied, loaded, terms });
  return { tables: sideBySide(tables, { copied, loaded, transformed, proved }, Date.now()) };
}

export interface Tiers {
  readonly copied: readonly HopState[];
  readonly loaded: readonly HopState[];
  readonly transformed: readonly TransformState[];
  readonly proved: readonly Proof[];
}

/** @param now milliseconds since 1970 */
export function sideBySide(
  tables: readonly string[],
  { copied, loaded, transformed, proved }: Tiers,
  now: number,
): TableStatus[] {
  const copyOf = new Map(copied.map((state) => [state.table, state]));
  const loadOf = new Map(loaded.map((state) => [state.table, state]));
  const proofOf = new Map(proved.map(({ table, provedAt }) => [table, toIso(provedAt)]));
  return tables.map((table) => {
    const copy = copyOf.get(table);
    const load = loadOf.get(table);
    const models = transformed.filter(({ model }) => isModelOf(model, table));
    // A seeded record has the table's own name; what dbt did stands under the model's.
    const transform = models.find(({ lastSucceededAt, lastError }) => lastSucceededAt ?? lastError) ?? models[0];
    return {
      table,
      copy: copy ? toCopyStatus(copy) : null,
      load: load ? toLoadStatus(load) : null,
      transform: transform ? toTransformStatus(transform) : null,
      lagSeconds: lagOf(load, now),
      provedAt: proofOf.get(table) ?? null,
    };
  });
}

function lagOf(load: HopState | undefined, now: number): number | null {
  if (!load?.sourceAsOf) return null;
  return Math.max(0, Math.round((now - Date.parse(toIso(load.sourceAsOf))) / 1000));
}

function toCopyStatus(state: HopState): CopyStatus {
  return { ...shared(state), lastCopied: isoOrNull(state.lastSucceededAt), rowsCopied: state.rows };
}

function toLoadStatus(state: HopState): LoadStatus {
  return { ...shared(state), lastLoaded: isoOrNull(state.lastSucceededAt), rowsLoaded: state.rows };
}

function shared({ status, watermarks, sourceAsOf, strategy, lastError, consecutiveFailures }: HopState) {
  const shown = Object.entries(watermarks).map(([column, mark]) => [column, shownMark(mark)]);
  return {
    status,
    watermarks: Object.fromEntries(shown),
    sourceAsOf: isoOrNull(sourceAsOf),
    strategy,
    lastError,
    consecutiveFailures,
  };
}

function toTransformStatus(state: TransformState): TransformStatus {
  const { model, status, lastSucceededAt, rows, lastError, consecutiveFailures } = state;
  return {
    model,
    status,
    lastTransformed: isoOrNull(lastSucceededAt),
    rowsTransformed: rows,
    lastError,
    consecutiveFailures,
  };
}

function isoOrNull(time: string | null): string | null {
  return time === null ? null : toIso(time);
}

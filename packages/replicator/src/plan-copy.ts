import { plan, type Plan, type PlanState } from '@tidemark/incremental';
import { fingerprintOf, toPlanTable, type TableDescription } from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';

import { wasReplaced } from './recorded-structure.ts';
import type { CopyInput } from './types.ts';

export interface PlanCopyInput {
  readonly input: CopyInput;
  readonly sourceTable: TableDescription;
  readonly key: readonly string[];
  readonly structure: string;
  readonly state: HopState | null;
  /** The replica table is new, or empty though rows had been copied. */
  readonly replicaIsNew: boolean;
  /** The replica table holds rows, and none of a copy of ours that did not end. */
  readonly holdsRows: boolean;
}

/** What the next copy of a table does and why; the same answer for `tidemark plan` and for the run itself. */
export function planCopy(facts: PlanCopyInput): Plan {
  return plan({
    table: toPlanTable(facts.sourceTable, facts.key),
    settings: facts.input.settings.plan,
    state: lastSuccess(facts.state),
    structure: facts.structure,
    replicaIsNew: facts.replicaIsNew,
    force: facts.input.fullRefresh,
    adopts: facts.input.adopt === true && facts.holdsRows,
    observations: facts.state?.columnQuality ?? [],
  });
}

/** A pending or seeded record says nothing about what was copied, nor does one that an older pipeline wrote. */
function lastSuccess(state: HopState | null): PlanState | null {
  if (!state?.succeeded || state.sourceAsOf === null) return null;
  return { watermarks: state.watermarks, highestKey: state.highestKey, structure: fingerprintOf(state.structure) };
}

/**
 * Why an incremental table is also compared by digest; null when it is not. One that was replaced is, whatever
 * `digest_every` says.
 */
export function whyDigest(facts: PlanCopyInput, nowUtc: string): string | null {
  if (wasReplaced(facts.state, facts.sourceTable)) {
    return 'Then compared by digest, because the table was made anew or altered since.';
  }
  const every = facts.input.settings.digestEverySeconds;
  if (every === null) return null;
  const last = facts.state?.digestedAt ?? null;
  const elapsed = last === null ? Infinity : secondsBetween(last, nowUtc);
  // A clock that was set back would otherwise put the next digest off for as long as it was set back by.
  return elapsed >= every || elapsed < 0 ? 'Then compared by digest.' : null;
}

/** Both as `YYYY-MM-DD HH:MM:SS[.ffffff]` UTC, from the same server's clock. */
function secondsBetween(earlier: string, later: string): number {
  const at = (text: string): number => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
  return (at(later) - at(earlier)) / 1000;
}

import type { HopState } from '@tidemark/tracking';
import { expect } from 'vitest';

import type { Pipeline } from '../pipeline.ts';

/** What a failure may move (P4): that it failed, why, and how often in a row. */
const OF_A_FAILURE = { status: null, lastError: null, consecutiveFailures: null } as const;

/** Everything that a failure must leave as the last success left it; null before the first success. */
export interface Recorded {
  readonly copy: object | null;
  readonly load: object | null;
}

export async function recorded(pipeline: Pipeline, table: string): Promise<Recorded> {
  const { copy, load } = await pipeline.states(table);
  return { copy: withoutFailure(copy), load: withoutFailure(load) };
}

/** Fails when anything but the failure itself is recorded since. A first copy may go on from a later chunk. */
export async function expectUntouched(pipeline: Pipeline, table: string, before: Recorded): Promise<void> {
  expect(await recorded(pipeline, table)).toEqual(before);
}

function withoutFailure(state: HopState | null): object | null {
  return state?.succeeded === true ? { ...state, ...OF_A_FAILURE } : null;
}

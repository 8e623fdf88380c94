import type { ErrorCode } from '@tidemark/errors';
import { expect } from 'vitest';

import type { Pipeline } from '../pipeline.ts';
import { expectUntouched, recorded } from './expect-untouched.ts';
import { failureOf } from './failure-of.ts';

/** What must be told of a refusal: the code, the side it came from, and what to do in words that match. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly side: 'source' | 'replica' | 'warehouse';
  readonly hint: RegExp;
  readonly transient: boolean;
}

/** Fails unless the work is refused so, with nothing moved (P4). */
export async function expectRefused(pipeline: Pipeline, work: () => Promise<unknown>, refusal: Refusal): Promise<void> {
  const before = await recorded(pipeline, 'visit');
  const failure = await failureOf(work());
  const { code, message, hint, isTransient, table } = failure;
  expect({ code, message, hint, isTransient, table }).toEqual({
    code: refusal.code,
    message: expect.stringMatching(`^${refusal.side}: `),
    hint: expect.stringMatching(refusal.hint),
    isTransient: refusal.transient,
    table: 'visit',
  });
  await expectUntouched(pipeline, 'visit', before);
}

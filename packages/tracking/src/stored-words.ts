import { ERROR_CODES, type ErrorCode } from '@tidemark/errors';
import type { Strategy } from '@tidemark/incremental';

import type { Hop, TrackingStatus } from './types.ts';

const STATUS_WORDS: readonly TrackingStatus[] = ['pending', 'success', 'failed'];
const STRATEGY_WORDS: readonly Strategy[] = ['incremental', 'digest', 'full_table'];
const HOP_WORDS: readonly Hop[] = ['copy', 'load', 'transform'];

/** Words of an older pipeline (`completed`, `in_progress`) stay in the table and are read as pending. */
export function statusWord(word: string | number | null): TrackingStatus {
  return STATUS_WORDS.find((known) => known === word) ?? 'pending';
}

export function strategyWord(word: string | number | null): Strategy | null {
  return STRATEGY_WORDS.find((known) => known === word) ?? null;
}

export function hopWord(word: string | number | null): Hop {
  return HOP_WORDS.find((known) => known === word) ?? 'copy';
}

/** A code that this version does not know was written by another version. */
export function errorWord(word: string | number | null): ErrorCode | null {
  if (word === null) return null;
  return isErrorCode(word) ? word : 'INTERNAL';
}

function isErrorCode(word: string | number): word is ErrorCode {
  return Object.hasOwn(ERROR_CODES, word);
}

/** What dbt says of a model, a test or a seed that is not well (`results[].status` of its run_results.json). */
const DBT_WORDS = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success', 'warn', 'no-op']);

/** dbt's own word for a failure. Anything else may be its message, which quotes rows (promise P8). */
export function transformErrorWord(word: string): string {
  return DBT_WORDS.has(word) ? word : 'error';
}

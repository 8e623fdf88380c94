import { TidemarkError, type ErrorCode } from '@tidemark/errors';
import { expect, it } from 'vitest';

import { createPatience } from './patience.ts';

const failed = (code: ErrorCode): TidemarkError => new TidemarkError(code, { message: '', hint: '' });

it('is used up by a server that stayed away, and back with the first success', () => {
  const patience = createPatience(3);
  patience.ended(failed('SERVER_UNREACHABLE'));
  expect(patience.retries()).toBe(0);
  patience.ended(failed('STORAGE_FULL'));
  expect(patience.retries()).toBe(0);
  patience.ended(null);
  expect(patience.retries()).toBe(3);
});

it('is not used up by what went wrong with one table', () => {
  const patience = createPatience(2);
  for (const error of [failed('TRANSACTION_CONFLICT'), failed('TABLE_CHANGED_DURING_RUN'), new Error('defect')]) {
    patience.ended(error);
    expect(patience.retries()).toBe(2);
  }
});

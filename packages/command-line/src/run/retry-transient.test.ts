import { TidemarkError, type ErrorCode } from '@tidemark/errors';
import { expect, it, vi } from 'vitest';

import { retryTransient, type FailedAttempt } from './retry-transient.ts';

const never = new AbortController().signal;

function failing(...codes: readonly ErrorCode[]) {
  const errors = codes.map((code) => new TidemarkError(code, { message: code, hint: '' }));
  return vi.fn(async () => {
    const error = errors.shift();
    if (error) throw error;
    return 'done';
  });
}

function options(given: { retries?: number; signal?: AbortSignal; firstWaitMs?: number } = {}) {
  const told: FailedAttempt[] = [];
  const onRetry = (failed: FailedAttempt): void => void told.push(failed);
  return { retries: 3, signal: never, firstWaitMs: 2, onRetry, told, ...given };
}

it('tries again what may pass, after waits that grow, and tells each', async () => {
  const given = options();
  const work = failing('CONNECTION_LOST', 'TRANSACTION_CONFLICT', 'TABLE_CHANGED_DURING_RUN');
  expect(await retryTransient(work, given)).toBe('done');
  expect(work).toHaveBeenCalledTimes(4);
  expect(given.told.map(({ error, retry, retries }) => [error.code, retry, retries])).toEqual([
    ['CONNECTION_LOST', 1, 3],
    ['TRANSACTION_CONFLICT', 2, 3],
    ['TABLE_CHANGED_DURING_RUN', 3, 3],
  ]);
  const [first = 0, second = 0, third = 0] = given.told.map(({ waitMs }) => waitMs);
  expect([first >= 2 && first <= 4, second >= 8 && second <= 16, third >= 32 && third <= 64]).toEqual([
    true,
    true,
    true,
  ]);
});

it('gives up with the last error when it has tried often enough', async () => {
  const given = options({ retries: 1 });
  const work = failing('CONNECTION_LOST', 'SERVER_UNREACHABLE', 'INTERRUPTED');
  await expect(retryTransient(work, given)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
  expect([work.mock.calls.length, given.told.length]).toEqual([2, 1]);
});

it.each<ErrorCode>(['STORAGE_FULL', 'TABLE_LOCKED', 'STOPPED', 'STATEMENT_TIMEOUT', 'INTERNAL'])(
  'gives up at once with %s',
  async (code) => {
    const given = options();
    const work = failing(code);
    await expect(retryTransient(work, given)).rejects.toMatchObject({ code });
    expect([work.mock.calls.length, given.told.length]).toEqual([1, 0]);
  },
);

it('gives up at once with an error that is not ours', async () => {
  const given = options();
  const work = vi.fn(() => Promise.reject(new Error('Smith')));
  await expect(retryTransient(work, given)).rejects.toThrow('Smith');
  expect(work).toHaveBeenCalledTimes(1);
});

it('does not wait on when it is to stop, and says what had failed', async () => {
  const controller = new AbortController();
  const given = { ...options({ signal: controller.signal, firstWaitMs: 60_000 }), onRetry: () => controller.abort() };
  const work = failing('CONNECTION_LOST');
  await expect(retryTransient(work, given)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  expect(work).toHaveBeenCalledTimes(1);
});

it('keeps a success that came after the wish to stop', async () => {
  const controller = new AbortController();
  const work = async (): Promise<string> => {
    controller.abort();
    return 'done';
  };
  expect(await retryTransient(work, options({ signal: controller.signal }))).toBe('done');
});

it('lets work that is not to begin say so itself', async () => {
  const work = failing('STOPPED');
  await expect(retryTransient(work, options({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
    code: 'STOPPED',
  });
});

import { TidemarkError } from '@tidemark/errors';
import { expect, it } from 'vitest';

import { attempt } from './attempt.ts';
import { NO_ROWS } from './outcome.ts';
import { createPatience } from './patience.ts';

const options = {
  table: 'patient',
  hop: 'copy' as const,
  onProgress: () => {},
  onError: () => {},
  onRetry: () => {},
  patience: createPatience(1),
  signal: new AbortController().signal,
};

it('passes the result of a success on', async () => {
  const result = {
    table: 'patient',
    hop: 'copy' as const,
    strategy: 'digest' as const,
    reason: 'why',
    status: 'success' as const,
    counts: { ...NO_ROWS, rowsRead: 3 },
    changes: { zeroDates: 1 },
    durationMs: 5,
  };
  expect(await attempt(() => Promise.resolve(result), options)).toEqual({ ...result, error: null });
});

it('says of a failure what had been planned', async () => {
  const outcome = await attempt((onProgress) => {
    const event = { hop: 'copy', table: 'patient', plan: 'full', reason: 'first', estimatedRows: 1 } as const;
    onProgress({ type: 'started', ...event });
    return Promise.reject(new TidemarkError('STORAGE_FULL', { message: 'full', hint: 'Free some.' }));
  }, options);
  expect(outcome).toMatchObject({
    status: 'failed',
    strategy: 'full_table',
    reason: 'first',
    counts: NO_ROWS,
    error: { code: 'STORAGE_FULL', message: 'full', hint: 'Free some.' },
  });
});

it('says nothing of a plan where there was none, and nothing of what an unexpected error quotes', async () => {
  const outcome = await attempt(() => Promise.reject(new Error('Smith')), options);
  expect(outcome).toMatchObject({ strategy: null, reason: null, error: { code: 'INTERNAL' } });
  expect(JSON.stringify(outcome)).not.toContain('Smith');
});

it('tells of an error that passed as a retry and of nothing else', async () => {
  const told: string[] = [];
  let attempts = 0;
  const outcome = await attempt(
    () => {
      attempts += 1;
      if (attempts === 1) return Promise.reject(new TidemarkError('CONNECTION_LOST', { message: 'lost', hint: '' }));
      return Promise.reject(new TidemarkError('STORAGE_FULL', { message: 'full', hint: '' }));
    },
    {
      ...options,
      onError: (error) => told.push(error instanceof TidemarkError ? error.code : 'another'),
      onRetry: ({ error }) => told.push(`retry after ${error.code}`),
    },
  );
  expect(told).toEqual(['retry after CONNECTION_LOST', 'STORAGE_FULL']);
  expect(outcome.error?.code).toBe('STORAGE_FULL');
});

import { expect, it } from 'vitest';

import { outcome } from '../testing/outcomes.ts';
import { createProgress } from './progress.ts';

const started = {
  type: 'started',
  hop: 'copy',
  table: 'patient',
  plan: 'full',
  reason: 'first',
  estimatedRows: 20_000,
} as const;

it('shows what is in flight, its pace, and how much is done', () => {
  let now = 0;
  const progress = createProgress(3, 'load', () => now);
  progress.take(started);
  progress.take({ type: 'progress', hop: 'copy', table: 'patient', rows: 5_000, bytes: 1 });
  now = 2_000;
  expect(progress.render(200)).toBe(
    'copy patient  full  5,000 of about 20,000 rows · 2,500/s\n0 of 3 tables done · 2s',
  );
  progress.finish(outcome());
  expect(progress.render(200)).toContain('0 of 3');
  progress.finish(outcome({ hop: 'load', status: 'failed' }));
  expect(progress.render(200)).toBe('1 of 3 tables done, 1 failed · 2s');
});

it('says while the source is busy that nothing is read', () => {
  const progress = createProgress(1, 'copy', () => 2_000);
  progress.take(started);
  progress.take({ type: 'progress', hop: 'copy', table: 'patient', rows: 5_000, bytes: 1 });
  progress.take({ type: 'paused', hop: 'copy', table: 'patient', threadsRunning: 31, limit: 20 });
  expect(progress.render(200)).toContain('full  5,000 of about 20,000 rows · paused, the source is busy\n');
  progress.take({ type: 'resumed', hop: 'copy', table: 'patient', waitedMs: 3_000 });
  expect(progress.render(200)).not.toContain('paused');
});

it('claims no share where the estimate was too low, and no pace in the first second', () => {
  const progress = createProgress(1, 'copy', () => 0);
  progress.take(started);
  progress.take({ type: 'progress', hop: 'copy', table: 'patient', rows: 30_000, bytes: 1 });
  expect(progress.render(200)).toContain('full  30,000 rows\n');
});

it('cuts lines at the width of the terminal', () => {
  const progress = createProgress(1, 'copy', () => 0);
  progress.take(started);
  expect(
    progress
      .render(30)
      .split('\n')
      .every((line) => line.length < 30),
  ).toBe(true);
});

import { stripVTControlCharacters } from 'node:util';

import { hopState } from '@tidemark/command-line/testing';
import { expect, it } from 'vitest';

import { sideBySide } from './read-status.ts';
import { renderStatus } from './render-status.ts';

it('tells the tiers, the lag and the error of the first hop that failed', () => {
  const proved = [{ table: 'patient', provedAt: '2026-02-28T03:00:00.123456Z' }];
  const failing = hopState({ status: 'failed', lastError: 'STORAGE_FULL', consecutiveFailures: 3 });
  const tiers = { copied: [failing], loaded: [hopState()], transformed: [], proved };
  const now = Date.parse('2026-03-01T22:05:00Z');
  const text = stripVTControlCharacters(renderStatus({ tables: sideBySide(['patient', 'recall'], tiers, now) }));
  expect(text).toMatch(
    /^patient +failed +2026-03-01 21:04:07 UTC +success .* 20,000 .* 1h 1m +2026-02-28 03:00:00 UTC +STORAGE_FULL, 3 times in a row$/m,
  );
  expect(text).toMatch(/^recall +–/m);
  expect(text).toContain('2 tables, 0 loaded, 1 failed, 1 not loaded yet');
  expect(text).not.toMatch(/undefined|null|NaN/);
  expect(text).not.toContain('transform');
});

it('says what to do where there is nothing', () => {
  expect(renderStatus({ tables: [] })).toContain('tidemark run');
});

import { stripVTControlCharacters } from 'node:util';

import { NO_ROWS } from '@tidemark/command-line/run';
import type { HistoryEntry } from '@tidemark/tracking';
import { expect, it } from 'vitest';

import { mergeNewestFirst } from './read-history.ts';
import { renderHistory } from './render-history.ts';

function entry(changed: Partial<HistoryEntry>): HistoryEntry {
  return {
    runId: 'RUN',
    table: 'patient',
    hop: 'copy',
    attempt: 1,
    startedAt: '2026-03-01T21:00:00.000Z',
    finishedAt: '2026-03-01T21:00:02.500Z',
    plan: 'incremental',
    reason: 'why',
    counts: NO_ROWS,
    changes: {},
    status: 'success',
    errorCode: null,
    cost: null,
    ...changed,
  };
}

it('makes one history of two, newest first, of the asked length', () => {
  const entries = [
    entry({ startedAt: '2026-03-01T21:00:00.000Z' }),
    entry({ startedAt: '2026-03-01T20:00:00.000Z' }),
    entry({ startedAt: '2026-03-01T21:00:01.000Z', hop: 'load' }),
  ];
  expect(mergeNewestFirst(entries, 2).map(({ hop }) => hop)).toEqual(['load', 'copy']);
});

it('tells people how runs ended, that one did not, and what was changed on the way', () => {
  const runs = mergeNewestFirst(
    [
      entry({ counts: { ...NO_ROWS, rowsInserted: 4 }, changes: { zeroDates: 2 } }),
      entry({ table: 'recall', status: 'failed', errorCode: 'DELETE_CAP' }),
      entry({ table: 'claim', attempt: 2, status: 'failed', errorCode: 'CONNECTION_LOST' }),
      entry({ table: 'sheet', finishedAt: null, status: null }),
    ],
    10,
  );
  const text = stripVTControlCharacters(renderHistory({ runs }));
  expect(text).toMatch(/patient .* \+4 +2 zero dates to NULL +2\.5s +ok +RUN$/m);
  expect(text).toMatch(/recall .* DELETE_CAP +RUN$/m);
  expect(text).toMatch(/claim .* CONNECTION_LOST \(attempt 2\) +RUN$/m);
  expect(text).toMatch(/sheet .* running or killed +RUN$/m);
  expect(text).not.toMatch(/undefined|null|NaN/);
});

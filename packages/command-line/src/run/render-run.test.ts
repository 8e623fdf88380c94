import { stripVTControlCharacters } from 'node:util';

import { describe, expect, it } from 'vitest';

import { failed, outcome } from '../testing/outcomes.ts';
import { NO_ROWS, notBegun, type TableOutcome } from './outcome.ts';
import { renderRun } from './render-run.ts';

function rendered(outcomes: readonly TableOutcome[]): string {
  const run = { runId: 'RUN', hops: ['copy', 'load'] as const, outcomes, durationMs: 133_000 };
  return stripVTControlCharacters(renderRun(run));
}

describe('renderRun', () => {
  it('gives each table a line with what both hops did', () => {
    const counts = { ...NO_ROWS, rowsRead: 12_345, rowsInserted: 1_200, rowsUpdated: 3, rowsDeleted: 2 };
    const text = rendered([outcome({ counts }), outcome({ hop: 'load' })]);
    expect(text).toMatch(/^patient +incremental +12,345 +\+1,200 ~3 -2 +0 +no change +2\.4s +ok$/m);
    expect(text).toContain('1 table, 1 ok, in 2m 13s. Run RUN');
  });

  it('tells an error that many tables share once, with its hint', () => {
    const text = rendered(
      ['a', 'b'].flatMap((table) => [failed(table, 'STORAGE_FULL'), notBegun(table, 'load', 'not copied')]),
    );
    expect(text).toContain('copy failed: a, b\n  went wrong with STORAGE_FULL (STORAGE_FULL)\n  → Mend it.');
    expect(text.match(/Mend it/g)).toHaveLength(1);
    expect(text).toContain('2 tables, 0 ok, 2 failed');
  });

  it('tells what was skipped and why, beside the table', () => {
    const text = rendered([
      notBegun('gone', 'copy', 'not in the source'),
      notBegun('gone', 'load', 'not in the source'),
    ]);
    expect(text).toContain('skipped (not in the source): gone');
    expect(text).toContain('1 table, 0 ok, 1 skipped');
  });

  it('tells what was changed in values on the way', () => {
    expect(rendered([outcome({ changes: { zeroDates: 1_234, nulStripped: 0 } })])).toContain(
      'changed on the way: patient (copy): 1,234 zero dates to NULL\n',
    );
  });

  it('does not call a stopped or locked table failed', () => {
    const text = rendered([
      failed('a', 'STOPPED'),
      failed('b', 'TABLE_LOCKED', { hop: 'load' }),
      failed('c', 'DELETE_CAP'),
    ]);
    expect(text).toMatch(/^a .* copy stopped$/m);
    expect(text).toMatch(/^b .* load locked$/m);
    expect(text).toContain('3 tables, 0 ok, 1 failed, 1 stopped, 1 locked');
  });

  it('never prints undefined or null', () => {
    const bare = outcome({
      status: 'failed',
      strategy: null,
      reason: null,
      error: { code: 'X', message: 'm', hint: 'h' },
    });
    expect(rendered([bare, outcome({ table: 'b', status: 'skipped', reason: null })])).not.toMatch(
      /undefined|null|NaN/,
    );
    expect(rendered([])).toBe('No table is selected.');
  });
});

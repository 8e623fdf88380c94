import { TidemarkError } from '@tidemark/errors';
import { describe, expect, it } from 'vitest';

import type { LoadInput } from './types.ts';
import { refuseOverCap } from './refuse-over-cap.ts';
import { NO_PLAN } from './testing/load-room.ts';

const input: LoadInput = {
  table: 't',
  runId: 'run',
  settings: { plan: NO_PLAN, primaryKey: null, deletes: 'remove', timeColumnZone: null },
  fullRefresh: true,
  allowDeletes: false,
};

function codeOf(act: () => void): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof TidemarkError ? error.code : 'not a TidemarkError';
  }
}

describe('refuseOverCap', () => {
  it.for([
    [0, 0, false],
    [1_000, 0, false],
    [1_001, 0, true],
    [1_001, 1_001 * 19, false],
    [1_001, 1_001 * 19 - 20, true],
    [50_000, 950_000, false],
    [50_001, 949_999, true],
  ] as const)('of %d missing rows beside %d: %s', ([missing, kept, refuses]) => {
    const code = (allowDeletes: boolean): string | null =>
      codeOf(() => refuseOverCap({ input: { ...input, allowDeletes }, state: null }, { missing, kept }));
    expect(code(false)).toBe(refuses ? 'DELETE_CAP' : null);
    expect(code(true)).toBeNull();
  });

  it('does not ask to verify what was never loaded: verify would skip it', () => {
    expect(() => refuseOverCap({ input, state: null }, { missing: 5_000, kept: 0 })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('(`tidemark copy --full-refresh t`)') }),
    );
  });
});

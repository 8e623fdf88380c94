import { expect, test } from 'vitest';

import { judgeDeletes } from './judge-deletes.ts';

test.each([
  [{ missing: 0, sourceRows: 0, replicaRows: 9, allowDeletes: false }, 'allowed'],
  [{ missing: 9, sourceRows: 0, replicaRows: 9, allowDeletes: false }, 'source_empty'],
  [{ missing: 9, sourceRows: 0, replicaRows: 9, allowDeletes: true }, 'allowed'],
  [{ missing: 1_000, sourceRows: 10, replicaRows: 1_010, allowDeletes: false }, 'allowed'],
  [{ missing: 1_001, sourceRows: 10, replicaRows: 1_011, allowDeletes: false }, 'over_cap'],
  [{ missing: 1_001, sourceRows: 99_000, replicaRows: 100_001, allowDeletes: false }, 'allowed'],
  [{ missing: 5_001, sourceRows: 95_000, replicaRows: 100_000, allowDeletes: false }, 'over_cap'],
  [{ missing: 5_001, sourceRows: 95_000, replicaRows: 100_000, allowDeletes: true }, 'allowed'],
] as const)('%o: %s', (facts, verdict) => {
  expect(judgeDeletes(facts)).toBe(verdict);
});

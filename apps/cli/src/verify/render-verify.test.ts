import { stripVTControlCharacters } from 'node:util';

import { expect, it } from 'vitest';

import { renderVerify } from './render-verify.ts';
import { exitCodeOf, notCompared, type VerifiedTable } from './verify-report.ts';

const EQUAL: VerifiedTable = {
  ...notCompared('patient', { reason: null }),
  verdict: 'match',
  sourceRows: 1_500,
  replicaRows: 1_500,
  warehouseRows: 1_500,
};
const DIFFERS: VerifiedTable = {
  ...EQUAL,
  table: 'recall',
  verdict: 'differs',
  missing: 1,
  different: 2,
  causes: { late_commit: 1, changed_in_raw: 2 },
  columns: { Note: 1, DateDue: 2 },
};
const LOCKED = { code: 'TABLE_LOCKED', message: 'held by run 7', hint: 'Wait.' };

function render(...tables: VerifiedTable[]): string {
  const times = { startedAt: '', finishedAt: '' };
  const text = renderVerify({ runId: 'r', ...times, scope: 'full', ok: false, tables }, 1_000);
  expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  return stripVTControlCharacters(text);
}

it('tells the causes, the columns and what to do', () => {
  const text = render(EQUAL, DIFFERS, notCompared('claim', { reason: 'not loaded yet' }));
  expect(text).toMatch(/^patient +1,500 +1,500 +1,500 +– +– +– +– +0ms +equal$/m);
  expect(text).toMatch(/^recall .* 1 +– +2 +– +0ms +differs$/m);
  expect(text).toContain(`differs: recall
  1 row stamped behind what had been copied by then: committed late, or by a slow clock
  2 rows changed in raw by other hands
  in DateDue (2), Note (1)
  → tidemark verify recall --repair copies and loads these rows again`);
  expect(text).toContain('skipped (not loaded yet): claim');
  expect(text).toContain('3 tables, 1 equal, 1 differ, 1 skipped, in 1s. Run r');
});

it('tells what was repaired, what would be, and what was not', () => {
  const mended = render({ ...DIFFERS, verdict: 'match', repaired: 3 });
  expect(mended).toMatch(/repaired$/m);
  expect(mended).toContain('repaired: recall\n  1 row stamped');
  expect(mended).not.toContain('→');
  expect(render({ ...DIFFERS, repaired: 1 })).toContain('→ 1 row repaired; for the rest: tidemark run recall');
  expect(render({ ...DIFFERS, wouldRepair: { copy: 1, load: 3 } })).toContain(
    '→ would repair 1 row in the replica and 3 rows in raw',
  );
  const refusal = { code: 'DELETE_CAP', message: 'too many rows', hint: 'Look.' };
  expect(render({ ...DIFFERS, wouldRepair: { copy: 1, load: 3, refusal } })).toContain(
    '→ would be refused (DELETE_CAP): too many rows\n  → Look.',
  );
  expect(render({ ...DIFFERS, error: LOCKED })).toMatch(
    /→ not repaired, see below[^]*locked: recall\n {2}held by run 7/,
  );
  const refused = render({ ...DIFFERS, error: { ...LOCKED, code: 'DELETE_CAP' } });
  expect(refused).toContain('not repaired: recall\n  held by run 7');
  expect(refused).toContain('1 table, 0 equal, 1 differ, in 1s');
  expect(render({ ...DIFFERS, schema: ['raw has no column Note'] })).toContain(
    '  raw has no column Note\n  → tidemark run recall',
  );
});

it.each([
  [0, [EQUAL, notCompared('claim', { reason: 'not loaded yet' })]],
  [0, []],
  [1, [notCompared('claim', { reason: 'not loaded yet' })]],
  [3, [EQUAL, DIFFERS]],
  [5, [EQUAL, notCompared('claim', { reason: null, error: LOCKED })]],
  [3, [DIFFERS, notCompared('claim', { reason: null, error: LOCKED })]],
  [1, [DIFFERS, notCompared('claim', { reason: null, error: { ...LOCKED, code: 'CONNECTION_LOST' } })]],
] as const)('ends with %i', (code, tables) => {
  expect(exitCodeOf({ scope: 'full', tables })).toBe(code);
});

import { expect, test } from 'vitest';

import { isPassingTable } from './ignored-tables.ts';

test.each([
  'tempConv_procedurelog1234',
  'tempconv_x',
  'temp_patient_bak_20240101',
  'tempclaim_bak_1',
  'tmpaging',
  'TMP',
])('%s comes and goes', (name) => {
  expect(isPassingTable(name)).toBe(true);
});

test.each(['patient', 'template', 'temperature', 'treatplan', 'histtmp', 'bak_temp'])('%s is copied', (name) => {
  expect(isPassingTable(name)).toBe(false);
});

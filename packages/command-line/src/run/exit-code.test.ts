import { expect, it } from 'vitest';

import { failed, outcome } from '../testing/outcomes.ts';
import { exitCodeOf } from './exit-code.ts';

it.each([
  ['nothing was selected', [], 0],
  ['all went well', [outcome()], 0],
  ['a table was skipped', [outcome(), outcome({ status: 'skipped' })], 0],
  ['a table failed', [outcome(), failed('a', 'TABLE_WITHOUT_KEY')], 1],
  ['a table was locked', [outcome(), failed('a', 'TABLE_LOCKED')], 5],
  ['one was locked and one failed', [failed('a', 'TABLE_LOCKED'), failed('b', 'DELETE_CAP')], 1],
  ['every table lacked a right', [failed('a', 'RIGHT_MISSING'), failed('b', 'RIGHT_MISSING')], 1],
] as const)('%s', (_, outcomes, code) => {
  expect(exitCodeOf(outcomes)).toBe(code);
});

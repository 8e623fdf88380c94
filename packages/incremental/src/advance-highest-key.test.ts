import { expect, test } from 'vitest';

import { advanceHighestKey } from './advance-highest-key.ts';

test.each<[string | null, string | null, string]>([
  [null, null, '0'],
  [null, '12', '12'],
  ['12', null, '12'],
  ['12', '9', '12'],
  ['9', '12', '12'],
  ['9007199254740992', '9007199254740993', '9007199254740993'],
])('from %s, having read up to %s, it is %s', (previous, highest, expected) => {
  expect(advanceHighestKey({ previous, highest })).toBe(expected);
});

import { expect, it } from 'vitest';

import { wantsJson } from './wants-json.ts';

it('finds --json among the flags, not behind --', () => {
  expect(wantsJson(['run', '--json', 'patient'])).toBe(true);
  expect(wantsJson(['run', 'patient'])).toBe(false);
  expect(wantsJson(['run', '--', '--json'])).toBe(false);
});

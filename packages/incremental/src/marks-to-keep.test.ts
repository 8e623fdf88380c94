import { expect, test } from 'vitest';

import { marksToKeep } from './marks-to-keep.ts';
import { plan } from './plan.ts';
import { input, WATERMARKS } from './testing/fixtures.ts';

const STATE = { watermarks: WATERMARKS, highestKey: '900', structure: 's1' };
const NONE = { watermarks: {}, highestKey: null };

test('marks hold for the structure they were taken from', () => {
  expect(marksToKeep(STATE, 's1')).toEqual({ watermarks: WATERMARKS, highestKey: '900' });
  expect(marksToKeep(STATE, 's2')).toEqual(NONE);
  expect(marksToKeep({ ...STATE, structure: null }, 's1')).toEqual(NONE);
  expect(marksToKeep(null, 's1')).toEqual(NONE);
});

test.each([{ force: true }, { replicaIsNew: true }, {}])('without marks to keep every plan is full: %o', (more) => {
  expect(plan(input({ ...more, structure: 's2' })).kind).toBe('full');
});

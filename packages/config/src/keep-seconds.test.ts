import { expect, test } from 'vitest';

import { keepSeconds } from './keep-seconds.ts';
import { parseTables } from './parse-tables.ts';

test('records are kept as long as tables.yml says, else a month, and the history 400 days', () => {
  expect(keepSeconds(null, 'tombstones')).toBe(30 * 86_400);
  expect(keepSeconds(null, 'history')).toBe(400 * 86_400);
  const file = parseTables('keep: { tombstones: 0, history: forever }\ntables: { patient: }', 'tables.yml');
  expect(keepSeconds(file, 'tombstones')).toBe(0);
  expect(keepSeconds(file, 'history')).toBeNull();
});

import { expect, test } from 'vitest';

import { isShortScan } from './short-scan.ts';
import type { TableDescription } from './types.ts';

function tableOf(engine: string): TableDescription {
  return {
    name: 't',
    engine,
    estimatedRows: 0,
    estimatedBytes: 0,
    collation: null,
    created: null,
    columns: [],
    indexes: [],
    key: [],
  };
}

/** 400 rows in a millisecond by the index: 1,000 where scanned. */
const SEEN = { rows: 5_000, ms: 12.5 };

test.each([
  ['MyISAM', 1_000_000, SEEN, true],
  ['MYISAM', 1_250_000, SEEN, true],
  ['MyISAM', 1_300_000, SEEN, false],
  ['MyISAM', 10_000_000, SEEN, false],
  ['MyISAM', 200_000, { rows: 5_000, ms: 100 }, false],
  ['InnoDB', 1_000, SEEN, false],
  ['MyISAM', 1_000, { rows: 0, ms: 0 }, false],
])('%s, %i rows left, seen %j: %s', (engine, rowsLeft, seen, isShort) => {
  expect(isShortScan(tableOf(engine), rowsLeft, seen)).toBe(isShort);
});

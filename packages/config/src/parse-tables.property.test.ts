import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseTables } from './parse-tables.ts';
import { existingFormat } from './testing/existing-format.ts';
import { refusalOf } from './testing/refusal-of.ts';

/** What is amiss with the way a text is taken: it must load, or be refused with the place of every problem. */
function flawIn(text: string): string | null {
  const attempt = (): unknown => parseTables(text, 'tables.yml');
  let refused = false;
  try {
    attempt();
  } catch {
    refused = true;
  }
  if (!refused) return null;
  // Anything but a TidemarkError is thrown on.
  const error = refusalOf(attempt);
  if (error.code !== 'CONFIG_INVALID') return error.code;
  const lines = error.message.split('\n').filter((line) => !line.startsWith('… and '));
  return lines.find((line) => !/^tables\.yml:[1-9]\d*:[1-9]\d* \S/.test(line)) ?? null;
}

test('any text loads or is refused with line and column', () => {
  const yamlish = fc.array(
    fc.constantFrom(
      ...'tables: |  a|:\n|- |\n  |&a |*a|<<: |{|}|[|]|"|\'|? |!!map |!x |# |\t|%YAML 1.1\n|---\n|...\n|null|7|,|>\n'.split(
        '|',
      ),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        yamlish.map((parts) => parts.join('')),
        yamlish.map((parts) => `tables:\n  t:\n    ${parts.join('')}`),
      ),
      (text) => {
        expect(flawIn(text)).toBeNull();
      },
    ),
    { numRuns: 2000 },
  );
});

test('any value of any known key loads or is refused with line and column', () => {
  const keys = fc.constantFrom(
    'table_name',
    'extraction_strategy',
    'incremental_columns',
    'primary_key',
    'batch_size',
    'estimated_rows',
    'monitoring',
    'lookback',
    'tags',
    'digest_every',
    'time_column_zone',
    'full_table_below_rows',
  );
  fc.assert(
    fc.property(keys, fc.jsonValue(), (key, value) => {
      // JSON is YAML.
      expect(flawIn(JSON.stringify({ tables: { patient: { [key]: value } } }))).toBeNull();
      expect(flawIn(JSON.stringify({ defaults: { [key]: value }, tables: value }))).toBeNull();
    }),
    { numRuns: 1000 },
  );
});

test('a real file with a piece cut out or put in loads or is refused with line and column', () => {
  const text = existingFormat(3);
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(30), fc.string({ maxLength: 5 }), (at, length, put) => {
      expect(flawIn(text.slice(0, at) + put + text.slice(at + length))).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test('deep nesting is refused, not a crash', () => {
  expect(flawIn('['.repeat(20_000))).toBeNull();
  expect(flawIn(`tables: ${'{a: '.repeat(5_000)}1${'}'.repeat(5_000)}`)).toBeNull();
});

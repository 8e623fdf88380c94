import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { extendTables } from './extend-tables.ts';
import { parseTables } from './parse-tables.ts';
import { renderFile } from './render-entries.ts';
import { expectKept, newEntry as entry } from './testing/new-entry.ts';

it('keeps any file of ours, however often it is extended', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_ -]{0,12}[a-z]$/);
  const names = fc.uniqueArray(name, { minLength: 2, maxLength: 6, selector: (each) => each.toLowerCase() });
  fc.assert(
    fc.property(names, fc.string({ unit: 'grapheme', maxLength: 20 }), (tables, comment) => {
      const [first = '', ...others] = tables;
      const line = comment.replaceAll(/[\p{Cc}\u2028\u2029\ufeff]/gu, ' ');
      let text = renderFile({ comments: [line], metadata: {}, entries: [entry(first)], closing: [line] });
      for (const table of others) {
        const before = text;
        text = extendTables(text, 'tables.yml', [entry(table, { comments: [line] })]);
        expectKept(before, text);
      }
      expect([...parseTables(text, 'tables.yml').tables.keys()]).toEqual(tables);
    }),
    { numRuns: 200 },
  );
});

import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { postgresName, quoteName } from './postgres-name.ts';

const name = string({ unit: 'grapheme', minLength: 1, maxLength: 64 });

describe('postgresName', () => {
  it('is a beginning of the name, within 63 bytes, and whole characters', () => {
    assert(
      property(name, (text) => {
        const cut = postgresName(text);
        // A character cut in two would come out as another one.
        expect(text.startsWith(cut)).toBe(true);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(63);
        // Nothing is cut that would have had room.
        const [next = ''] = text.slice(cut.length);
        expect(cut === text || Buffer.byteLength(cut + next) > 63).toBe(true);
      }),
    );
  });

  it('changes nothing the second time', () => {
    assert(
      property(name, (text) => {
        expect(postgresName(postgresName(text))).toBe(postgresName(text));
      }),
    );
  });
});

describe('quoteName', () => {
  it('gives every name as one identifier', () => {
    assert(
      property(name, (text) => {
        const quoted = quoteName(text);
        expect(quoted.slice(1, -1).replaceAll('""', '"')).toBe(text);
        expect(quoted).toMatch(/^"([^"]|"")*"$/s);
      }),
    );
  });
});

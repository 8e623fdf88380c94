import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Draw } from './draw.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

test('the same seed and purpose draw the same, another purpose does not', () => {
  fc.assert(
    fc.property(seeds, fc.string(), (seed, purpose) => {
      expect(new Draw(seed, purpose).hex(40)).toBe(new Draw(seed, purpose).hex(40));
      expect(new Draw(seed, purpose).hex(40)).not.toBe(new Draw(seed, `${purpose}!`).hex(40));
    }),
  );
});

test('another seed draws something else, neighbours too', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 1000 }), fc.string(), (seed, step, purpose) => {
      expect(new Draw(seed, purpose).hex(40)).not.toBe(new Draw(seed + step, purpose).hex(40));
    }),
  );
});

test('a sample has the size asked for, the order of the list and nothing twice', () => {
  fc.assert(
    fc.property(seeds, fc.uniqueArray(fc.integer()), fc.nat(60), (seed, values, size) => {
      const sample = new Draw(seed, 'sample').sample(values, size);
      expect(sample).toHaveLength(Math.min(size, values.length));
      expect(sample).toEqual(values.filter((value) => sample.includes(value)));
    }),
  );
});

test('digits are as many as asked for and begin with none', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 30 }), (seed, length) => {
      expect(new Draw(seed, 'digits').digits(length)).toMatch(new RegExp(`^[1-9]\\d{${length - 1}}$`));
    }),
  );
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { canonicalDecimal, compareDecimals } from './canonical-decimal.ts';
import { sameValue, type ValueKind } from './same-value.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const same = (kind: ValueKind, wanted: string, found: string): boolean => sameValue(kind, bytes(wanted), bytes(found));

/** A decimal number as digits and a power of ten. */
const decimals = fc.tuple(
  fc.boolean(),
  fc.bigInt({ min: 0n, max: 10n ** 40n }),
  fc.integer({ min: 0, max: 30 }),
  fc.integer({ min: 0, max: 6 }),
);

function written([negative, digits, scale]: readonly [boolean, bigint, number, number]): string {
  const padded = digits.toString().padStart(scale + 1, '0');
  const point = padded.length - scale;
  const text = scale === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`;
  return negative && digits > 0n ? `-${text}` : text;
}

it('holds a number for the same however many zeros it has behind the point, and no other', () => {
  fc.assert(
    fc.property(decimals, fc.bigInt({ min: 1n, max: 10n ** 12n }), (number, step) => {
      const text = written(number);
      const [negative, digits, scale, zeros] = number;
      const longer = written([negative, digits * 10n ** BigInt(zeros), scale + zeros, 0]);
      expect(same('number', text, longer)).toBe(true);
      expect(same('number', text, written([negative, digits + step, scale, 0]))).toBe(false);
      expect(same('number', text, written([!negative, digits, scale, 0]))).toBe(digits === 0n);
    }),
  );
});

it('holds a double for the same in every notation, and never its neighbour', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(same('double', String(number), number.toExponential())).toBe(true);
      expect(same('double', String(number), neighbour(number))).toBe(false);
    }),
  );
});

/** The next double away from zero. */
function neighbour(number: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return String(view.getFloat64(0));
}

const moments = fc.date({ min: new Date('0001-01-01Z'), max: new Date('9999-12-31Z'), noInvalidDate: true });

it('holds a time for the same with and without zeros behind the second, and no other', () => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 0, max: 999_999 }), (date, micros) => {
      const second = date.toISOString().slice(0, 19).replace('T', ' ');
      const fraction = String(micros).padStart(6, '0');
      const trimmed = micros === 0 ? second : `${second}.${fraction.replace(/0+$/, '')}`;
      expect(same('moment', `${second}.${fraction}`, trimmed)).toBe(true);
      const other = String((micros + 1) % 1_000_000).padStart(6, '0');
      expect(same('moment', `${second}.${fraction}`, `${second}.${other}`)).toBe(false);
    }),
  );
});

it('holds JSON for the same in any order and notation, and finds a changed leaf', () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), fc.bigInt(), (text, number) => {
      expect(same('json', text, JSON.stringify(JSON.parse(text), null, 2))).toBe(true);
      const [one, other] = [`{"a":${text},"n":${number}}`, `{ "n" : ${number}.0, "a" : ${text} }`];
      expect(same('json', one, other)).toBe(true);
      expect(same('json', one, `{"a":${text},"n":${number + 1n}}`)).toBe(false);
      expect(same('json', one, `{"a":${text},"n":"${number}"}`)).toBe(false);
    }),
  );
});

it('takes text by its bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
      expect(same('bytes', left, right)).toBe(Buffer.from(left).equals(Buffer.from(right)));
    }),
  );
});

it('orders numbers of any size', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), fc.integer({ min: 0, max: 20 }), (left, right, scale) => {
      const [one, other] = [left, right].map((number) => `${number}e-${scale}`);
      expect(Math.sign(compareDecimals(one ?? '', other ?? ''))).toBe(left < right ? -1 : Number(left > right));
      expect(canonicalDecimal(one ?? '') === canonicalDecimal(other ?? '')).toBe(left === right);
    }),
  );
});

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * One text for every way to write a decimal number, of any size: digits without zeros around them, and the power of ten
 * that they stand for. Null for what is no number (`NaN`, `Infinity`).
 */
export function canonicalDecimal(text: string): string | null {
  const match = FORM.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole.length + fraction.length === 0) return null;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return '0';
  const significant = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

/** Orders two decimal numbers exactly. What is no number comes last. */
export function compareDecimals(left: string, right: string): number {
  const [one, other] = [canonicalDecimal(left), canonicalDecimal(right)];
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  const [a, b] = [scaled(one), scaled(other)];
  const power = Math.min(a.power, b.power);
  const difference = a.digits * 10n ** BigInt(a.power - power) - b.digits * 10n ** BigInt(b.power - power);
  return difference < 0n ? -1 : Number(difference > 0n);
}

function scaled(canonical: string): { digits: bigint; power: number } {
  const [digits = '0', power = '0'] = canonical.split('e');
  return { digits: BigInt(digits), power: Number(power) };
}

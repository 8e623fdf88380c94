import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws values by chance, the same ones for the same seed and purpose. */
export class Draw {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  /** The purpose (a table's name, say) keeps one part of the practice from shifting when another changes. */
  constructor(seed: number, purpose: string) {
    this.#generator = xoroshiro128plus(mix(seed, purpose));
  }

  /** An integer, both ends included. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  /** True this share of the time. */
  chance(share: number): boolean {
    return this.int(0, 9999) < share * 10_000;
  }

  /** One of the values, each as likely as the others. @throws on an empty list. */
  pick<T>(values: readonly T[]): T {
    const [value] = values.length === 0 ? [] : [values[this.int(0, values.length - 1)]];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  }

  /** That many different values, in the order of the list; all of them when the list is shorter. */
  sample<T>(values: readonly T[], size: number): T[] {
    let missing = Math.min(size, values.length);
    return values.filter((_, index) => {
      const taken = missing > 0 && this.int(1, values.length - index) <= missing;
      if (taken) missing -= 1;
      return taken;
    });
  }

  /** An amount with two decimals, now and then one that only binary floating point can produce. */
  money(from: number, to: number): number {
    const amount = this.int(from * 100, to * 100) / 100;
    return this.chance(0.05) ? amount * 1.1 : amount;
  }

  /** Decimal digits, the first one not zero. */
  digits(length: number): string {
    let text = String(this.int(1, 9));
    while (text.length < length) text += String(this.int(0, 9));
    return text;
  }

  /** Lower-case hexadecimal digits. */
  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.int(0, 0xff_ffff).toString(16).padStart(6, '0');
    return text.slice(0, length);
  }
}

/** FNV-1a over seed and purpose. */
function mix(seed: number, purpose: string): number {
  let hash = 0x811c_9dc5 | 0;
  for (const character of `${seed}:${purpose}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x0100_0193);
  }
  return hash;
}

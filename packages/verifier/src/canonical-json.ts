import { canonicalDecimal } from './canonical-decimal.ts';

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * JSON with its keys in order, no blanks, and every number in one form, read from its own digits: a number of JSON may
 * have more of them than a JavaScript number. Null for what is no JSON.
 */
export function canonicalJson(text: string): string | null {
  const revive: Reviver = (_, value, context) => {
    if (typeof value === 'number') {
      // What cannot be brought to one form stays as it is: too many rows may be looked at, never too few.
      const digits = context.source ?? String(value);
      return `number ${canonicalDecimal(digits) ?? digits}`;
    }
    if (typeof value === 'string') return `text ${value}`;
    return value;
  };
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the lib does not know the third parameter yet (Node 21)
    return JSON.stringify(inOrder(JSON.parse(text, revive as Parameters<typeof JSON.parse>[1])));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  // Pairs, not an object: a key like `1` would move to the front of one, and `__proto__` vanish.
  const pairs = Object.entries(value).map(([key, part]) => [key, inOrder(part)] as const);
  return { object: pairs.toSorted(([left], [right]) => (left < right ? -1 : 1)) };
}

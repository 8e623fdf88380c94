import { CANARY } from '@tidemark/sample-clinic';

/** Further canaries, for columns that take no text: the texts and keys are those of the sample clinic. */
export const MARKED = {
  /** The digits of a key, which the clinic's pattern finds. */
  amount: '77314444555.2500',
  weight: '7731444455566.25',
  born: '1907-07-31',
  seen: '1907-07-31 07:31:07.773107',
} as const;

const DAY = /1907-?07-?31/;

/** Random and no patient data; may hold the digits of a canary by chance. */
const RUN_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const PATTERNS: readonly RegExp[] = [
  CANARY.pattern,
  DAY,
  ...inOtherForms(CANARY.text),
  ...inOtherForms(MARKED.born),
  // The digits of a key as the bytes of a text.
  /37 ?37 ?33 ?31(?: ?3\d){7}/,
];

/** Every piece of a text that a canary stands in, with a few characters around it. Empty is what is wished for. */
export function leaksIn(text: string, patterns: readonly RegExp[] = PATTERNS): string[] {
  const searched = text.replaceAll(RUN_ID, '<run id>');
  return patterns.flatMap((pattern) => {
    const every = new RegExp(pattern, `${pattern.flags}g`);
    return [...searched.matchAll(every)].map(({ index, 0: found }) =>
      searched.slice(Math.max(0, index - 60), index + found.length + 20),
    );
  });
}

/** A secret in every form in which it might be told. */
export function patternsOf(secret: string): RegExp[] {
  const plain = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return [...plain.map((text) => new RegExp(escaped(text))), ...inOtherForms(secret)];
}

/**
 * Hexadecimal, close or as Node shows bytes; a list of numbers, as JSON has bytes; base64, in which a text begins at any
 * of three places. Bytes are often cut: the first few are enough.
 */
function inOtherForms(text: string): RegExp[] {
  const bytes = [...Buffer.from(text)];
  const start = bytes.slice(0, 8);
  const base64 = [0, 1, 2].map((before) => {
    const whole = Buffer.from(`${'-'.repeat(before)}${text}`)
      .toString('base64')
      .replaceAll('=', '');
    // The first and the last characters depend on what stands beside the text.
    return whole.slice(before === 0 ? 0 : before + 1, -2);
  });
  return [
    new RegExp(start.map((byte) => byte.toString(16).padStart(2, '0')).join(' ?'), 'i'),
    new RegExp(`\\b${start.join(',\\s*')}\\b`),
    ...base64.map((form) => new RegExp(escaped(form))),
  ];
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

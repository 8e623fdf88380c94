import { inspect } from 'node:util';

import { CANARY } from '@tidemark/sample-clinic';
import { expect, test } from 'vitest';

import { leaksIn, MARKED, patternsOf } from './canaries.ts';
import { everythingIn } from './everything-in.ts';
import { rowError } from './row-error.ts';

const SECRET = 'Hush-s0urce@/:?#%"é';

test.each([
  CANARY.text,
  String(CANARY.firstKey),
  `-${CANARY.firstKey}`,
  `(${CANARY.firstKey},${CANARY.firstKey})`,
  MARKED.amount,
  MARKED.weight,
  MARKED.born,
  MARKED.seen,
  '19070731',
  Buffer.from(`a ${CANARY.text}`).toString('hex'),
  Buffer.from(`${CANARY.firstKey}`).toString('hex').toUpperCase(),
  inspect(Buffer.from(`a ${CANARY.text}`)),
  inspect(Buffer.from(`${CANARY.firstKey}`)),
  JSON.stringify(Buffer.from(`a ${CANARY.text}`)),
  ...['', 'a', 'ab', 'abc'].map((before) => Buffer.from(`${before}${CANARY.text} z`).toString('base64')),
])('a canary is found: %s', (form) => {
  expect(leaksIn(`before ${form} behind`)).not.toEqual([]);
});

test.each([SECRET, encodeURIComponent(SECRET), JSON.stringify({ SECRET }), Buffer.from(SECRET).toString('base64')])(
  'a secret is found: %s',
  (form) => {
    expect(leaksIn(`before ${form} behind`, patternsOf(SECRET))).not.toEqual([]);
  },
);

test.each([
  'run 0197731a-7731-7731-7731-773112345678: patient: copied',
  '7,731 inserted at 19:07:31, 1907-08-31',
  '{"timeShare":0.7731000000012,"seconds":12.857731777312773}',
  'took 1977310000001 ns',
])('nothing is found in what is no canary: %s', (text) => {
  expect(leaksIn(text)).toEqual([]);
});

class Hiding {
  readonly #canary = CANARY.text;
  get told(): string {
    return this.#canary;
  }
}

test.each<[where: string, value: unknown]>([
  ['property', { deep: [{ value: CANARY.text }] }],
  ['name of a property', { [CANARY.text]: 1 }],
  ['symbol', { [Symbol(CANARY.text)]: 1 }],
  ['hidden property', Object.defineProperty({}, 'x', { value: CANARY.text, enumerable: false })],
  ['getter of a class', new Hiding()],
  ['bytes', { packet: Buffer.from(`..${CANARY.text}..`) }],
  ['map', new Map([[{ key: CANARY.text }, 1]])],
  ['message', new Error(CANARY.text)],
  ['cause', new Error('x', { cause: new Error(CANARY.text) })],
  ['several errors', new AggregateError([new Error(CANARY.text)], 'x')],
  ['error of a driver', rowError()],
])('a canary is found in an object: %s', (_, value) => {
  expect(leaksIn(everythingIn({ value }))).not.toEqual([]);
});

import { expect, it } from 'vitest';

import { parseScope } from './parse-scope.ts';

const NOW = Date.parse('2026-03-01T21:00:00Z');
const scope = (sample?: string, since?: string) => parseScope({ sample, since }, NOW);

it('compares everything unless told otherwise', () => {
  expect(scope()).toEqual({ kind: 'full' });
});

it.each([
  ['5%', { kind: 'sample', share: 0.05 }],
  ['0.5 %', { kind: 'sample', share: 0.005 }],
  ['10000', { kind: 'sample', rows: 10_000 }],
])('takes --sample %s', (text, wanted) => {
  expect(scope(text)).toEqual(wanted);
});

it.each([
  ['2h', '2026-03-01 19:00:00'],
  ['7 days', '2026-02-22 21:00:00'],
  ['2026-02-28', '2026-02-28 00:00:00'],
  ['2026-02-28 10:30', '2026-02-28 10:30:00'],
  ['2026-02-28T10:30:15Z', '2026-02-28 10:30:15'],
  ['2026-02-28T10:30:15-06:00', '2026-02-28 16:30:15'],
])('takes --since %s as %s UTC', (text, utc) => {
  expect(scope(undefined, text)).toEqual({ kind: 'since', utc });
});

it.each(['0', '0%', '101%', 'all', '-5', '5 rows'])('refuses --sample %s', (text) => {
  expect(() => scope(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

it.each(['2026-03-01T21:00:01Z', '2026-03-02', '2026-03-01T20:00:00-06:00'])(
  'refuses --since %s, which has not come',
  (text) => {
    expect(() => scope(undefined, text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(scope(undefined, '2026-03-01T21:00:00Z')).toMatchObject({ kind: 'since' });
  },
);

it.each(['yesterday', '2026-02-31T99:00', '2026-02-31', '2026-02-30 10:00', '28.02.2026', ''])(
  'refuses --since %s',
  (text) => {
    expect(() => scope(undefined, text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  },
);

import { expect, it } from 'vitest';

import { readArguments } from './read-arguments.ts';

it.each([
  [[], []],
  [
    ['run', 'patient', '--json'],
    ['run', 'patient', '--json'],
  ],
  [['help'], ['--help']],
  [
    ['help', 'run'],
    ['run', '--help'],
  ],
  [
    ['--', 'status', '--', 'help'],
    ['status', '--', 'help'],
  ],
  [
    ['run', 'help'],
    ['run', 'help'],
  ],
])('%j', (given, taken) => {
  expect(readArguments(given)).toEqual(taken);
});

import { expect, it } from 'vitest';

import { hopState } from '../testing/states.ts';
import { addVanished } from './add-vanished.ts';

const listed = [{ name: 'patient', estimatedRows: 5 }];
const names = (...states: Parameters<typeof hopState>[0][]) =>
  addVanished(listed, states.map(hopState)).map(({ name }) => name);

it('adds what was copied before and is gone, and nothing else', () => {
  expect(names({ table: 'Patient' }, { table: 'gone' })).toEqual(['patient', 'gone']);
  expect(names({ table: 'begun', succeeded: false, resume: '{}' })).toEqual(['patient', 'begun']);
  expect(names({ table: 'pending', succeeded: false }, { table: 'tmpreport' })).toEqual(['patient']);
});

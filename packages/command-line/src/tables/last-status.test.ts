import { expect, it } from 'vitest';

import { hopState } from '../testing/states.ts';
import { worstStatus } from './last-status.ts';

it('tells the worst of the hops', () => {
  const states = [
    hopState(),
    hopState({ status: 'failed' }),
    hopState({ table: 'recall', status: 'pending' }),
    hopState({ table: 'recall' }),
  ];
  const status = worstStatus(states);
  expect([status('patient'), status('recall'), status('never')]).toEqual(['failed', 'pending', null]);
});

import { parseArgs } from 'node:util';

import { benchDigest } from './digest-cost.ts';
import { benchLoadSpeed } from './load-speed.ts';
import { benchMemory } from './memory.ts';
import { benchVerify } from './verify-cost.ts';

const BENCHMARKS = ['load', 'memory', 'digest', 'verify'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '5' } },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);

for (const name of positionals.length > 0 ? positionals : BENCHMARKS) {
  if (name === 'load') await benchLoadSpeed(rows, rounds);
  else if (name === 'memory') await benchMemory(rows / 10);
  else if (name === 'digest') await benchDigest(rows, rounds);
  else if (name === 'verify') await benchVerify(rows, rounds);
  else throw new Error(`There is no benchmark ${name}. There are: ${BENCHMARKS.join(', ')}.`);
}

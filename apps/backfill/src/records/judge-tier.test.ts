import type { TrackingRecord } from '@tidemark/tracking';
import { expect, it } from 'vitest';

import { completed, judgeTier } from './judge-tier.ts';

const wanted = { synced: ['patient', 'claim', 'program'], incremental: ['patient', 'claim'] };

function record(table: string, writtenBy: TrackingRecord['writtenBy'] = 'seed'): TrackingRecord {
  return { table, writtenBy, state: 'pending', lastSucceededAt: null, rows: 0 };
}

it('counts a record of whoever wrote it, and tells those of others', () => {
  const records = [record('patient', 'older'), record('gone')];
  expect(judgeTier('copy', wanted, records)).toEqual({
    missing: ['claim', 'program'],
    coverage: {
      incremental: { recorded: 1, of: 2, percent: 50 },
      synced: { recorded: 1, of: 3, percent: 33 },
    },
    older: [record('patient', 'older')],
    strangers: ['gone'],
  });
});

it('says 100 % of all only', () => {
  const synced = Array.from({ length: 446 }, (_, index) => `t${index}`);
  const records = synced.slice(1).map((table) => record(table));
  expect(judgeTier('load', { synced, incremental: [] }, records).coverage).toEqual({
    incremental: { recorded: 0, of: 0, percent: null },
    synced: { recorded: 445, of: 446, percent: 99 },
  });
  expect(completed({ synced, incremental: [] }).synced.percent).toBe(100);
});

it('takes the staging model of a table for its record, in the transform tier only', () => {
  const records = [record('stg_opendental__patient'), record('stg_opendental__patientnote'), record('mart_claims')];
  expect(judgeTier('transform', wanted, records)).toMatchObject({ missing: ['claim', 'program'], strangers: [] });
  expect(judgeTier('load', wanted, records).missing).toEqual(wanted.synced);
});

import { describe, expect, it } from 'vitest';

import type { Scene } from './scene.ts';

/** What seeding promises in the status table of every hop. */
export function seedContract(create: () => Promise<Scene>): void {
  describe('seeding', () => {
    it('tells of two processes that seed at once what each created itself', async () => {
      await using scene = await create();
      const wanted = Array.from({ length: 50 }, (_, index) => `table_${index}`);
      const reports = await Promise.all([scene.tracking.seedPending(wanted), scene.other.seedPending(wanted)]);
      expect(reports.map(({ created }) => created.length).toSorted((a, b) => a - b)).toEqual([0, 50]);
      const records = await scene.tracking.records();
      expect(records).toHaveLength(50);
      expect(new Set(records.map(({ writtenBy, state }) => `${writtenBy} ${state}`))).toEqual(
        new Set(['seed pending']),
      );
    });
  });
}

import { setTimeout as sleep } from 'node:timers/promises';

import type { TestDatabase } from '@tidemark/testkit';
import { createConnection } from 'mysql2/promise';

/** What a workstation waited for its writes, in milliseconds. */
export interface Latency {
  readonly writes: number;
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
}

/** A workstation of the practice that writes one row after the other, as long as `work` takes. */
export async function writeBeside(source: TestDatabase, table: string, work: () => Promise<unknown>): Promise<Latency> {
  const connection = await createConnection({ ...source.endpoint });
  const taken: number[] = [];
  const over = new AbortController();
  const writing = (async (): Promise<void> => {
    for (let key = 1; !over.signal.aborted; key = (key % 500) + 1) {
      const began = performance.now();
      await connection.query(`UPDATE ${table} SET Note = CONCAT('written ', ?) WHERE VisitNum = ?`, [key, key]);
      taken.push(performance.now() - began);
      await sleep(2);
    }
  })();
  try {
    await work();
  } finally {
    over.abort();
    await writing;
    connection.destroy();
  }
  return summed(taken.toSorted((left, right) => left - right));
}

function summed(sorted: readonly number[]): Latency {
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { writes: sorted.length, median: at(0.5), p95: at(0.95), longest: at(1) };
}

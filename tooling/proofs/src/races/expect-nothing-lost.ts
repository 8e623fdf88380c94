import { findDifferingKeys } from '@tidemark/testkit';
import { expect } from 'vitest';

import type { Pipeline } from '../pipeline.ts';
import type { BusyTable } from './busy-tables.ts';

/**
 * After quiet runs without a digest: a row that the source has is the same everywhere. What may differ are rows that the
 * source no longer has, under this key: no stamp tells of a deletion.
 */
export async function expectNothingLost(pipeline: Pipeline, { name, key }: BusyTable): Promise<void> {
  const { source, replica, warehouse } = pipeline;
  const databases = {
    source: source.endpoint,
    replica: replica.endpoint,
    warehouse: warehouse.endpoint,
    schema: 'raw',
  };
  const differing = await findDifferingKeys(databases, name, key);
  const there = await source.query(
    `SELECT ${key.map((part) => `CAST(${part} AS CHAR) AS ${part}`).join(', ')} FROM ${name}`,
  );
  const keys = new Set(there.map((row) => JSON.stringify(key.map((part) => String(row[part]).toUpperCase()))));
  expect(differing.filter((one) => keys.has(one))).toEqual([]);
}

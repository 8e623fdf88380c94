import type { EntityManager } from 'typeorm';

import { transformStatus } from '../entities/transform-status.ts';
import { statusWord, transformErrorWord } from '../stored-words.ts';
import { isoTime } from '../time-text.ts';
import type { TransformState } from '../types.ts';

const SENTINEL_YEARS = /^19(?:69|70)-/;

interface RawTransform {
  readonly model: string;
  readonly status: string | null;
  readonly lastSucceeded: string;
  readonly rows: string | null;
  readonly lastError: string | null;
  readonly consecutiveFailures: string | number;
}

/** What dbt did last, by model. */
export async function readTransformStates(manager: EntityManager): Promise<TransformState[]> {
  const rows = await manager
    .createQueryBuilder()
    .from(transformStatus, 'status')
    .select('status.table', 'model')
    .addSelect('status.status', 'status')
    .addSelect('status.lastSucceeded', 'lastSucceeded')
    .addSelect('status.rows', 'rows')
    .addSelect('status.lastError', 'lastError')
    .addSelect('status.consecutiveFailures', 'consecutiveFailures')
    .orderBy('status.table')
    .getRawMany<RawTransform>();
  return rows.map((row) => ({
    model: row.model,
    status: statusWord(row.status),
    lastSucceededAt: neverSucceeded(row) ? null : isoTime(row.lastSucceeded),
    rows: Number(row.rows ?? 0),
    lastError: row.lastError === null ? null : transformErrorWord(row.lastError),
    consecutiveFailures: Number(row.consecutiveFailures),
  }));
}

/** The default of 1969, the older pipeline's 1970, and the time of a seeded record are no success. */
function neverSucceeded(row: RawTransform): boolean {
  return SENTINEL_YEARS.test(row.lastSucceeded) || statusWord(row.status) === 'pending';
}

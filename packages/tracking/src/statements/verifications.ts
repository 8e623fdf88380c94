import type { EntityManager } from 'typeorm';

import { verification } from '../entities/verification.ts';
import { isoTime } from '../time-text.ts';
import type { Proof, VerificationEntry } from '../types.ts';

/** A time with a zone, brought to UTC without one. */
const utc = (parameter: string) => (): string => `(CAST(:${parameter} AS timestamptz) AT TIME ZONE 'UTC')`;

/** Writes down what came of comparing a table, whatever it was. */
export async function recordVerification(manager: EntityManager, entry: VerificationEntry): Promise<void> {
  const { startedAt, finishedAt, causes, columns, ...rest } = entry;
  await manager
    .createQueryBuilder()
    .insert()
    .into(verification)
    .values({
      ...rest,
      causes: { ...causes },
      columns: { ...columns },
      startedAt: utc('startedAt'),
      finishedAt: utc('finishedAt'),
    })
    .setParameters({ startedAt, finishedAt })
    .updateEntity(false)
    .execute();
}

/**
 * When each table was last proved equal: compared whole, and no row differed. A difference found later, in a part of the
 * table too, takes the proof away.
 */
export async function readProofs(manager: EntityManager): Promise<Proof[]> {
  const rows = await manager
    .createQueryBuilder()
    .from(verification, 'entry')
    .select('entry.table', 'table')
    .addSelect('MAX(entry.finishedAt)', 'provedAt')
    .where("entry.verdict = 'match' AND entry.scope = 'full'")
    .andWhere((query) => {
      const later = query
        .subQuery()
        .from(verification, 'later')
        .select('1')
        .where("later.table = entry.table AND later.verdict = 'differs' AND later.finishedAt > entry.finishedAt");
      return `NOT EXISTS ${later.getQuery()}`;
    })
    .groupBy('entry.table')
    .getRawMany<{ table: string; provedAt: string }>();
  return rows.map(({ table, provedAt }) => ({ table, provedAt: isoTime(provedAt) }));
}

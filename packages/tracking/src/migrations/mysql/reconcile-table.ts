import { TidemarkError } from '@tidemark/errors';
import type { QueryRunner } from 'typeorm';

import { migrationStep } from '../migration-step.ts';
import { readTable } from './read-table.ts';
import { addedParts, changedColumns, createStatement, nullableFirst } from './table-statements.ts';
import type { WantedTable } from './wanted-table.ts';

/**
 * Creates the table, or brings one that is there to what is wanted: rows and unknown columns stay, columns and indexes
 * are added, types widened. Doing it twice changes nothing, which matters because MySQL commits each DDL statement by
 * itself: a migration that was killed half-way is simply run again.
 *
 * TypeORM's own `changeColumn` is not used: on MySQL it drops the column and adds it anew, values and all.
 */
export async function reconcileTable(runner: QueryRunner, wanted: WantedTable): Promise<void> {
  const existing = await readTable(runner, wanted.name);
  if (existing === null) {
    await migrationStep(wanted.name, () => runner.query(createStatement(wanted)));
    return;
  }
  await requireDistinctNames(runner, wanted, existing.uniqueColumns);
  const widened = [...addedParts(existing, wanted), ...changedColumns(existing, wanted, 'widen')];
  await alter(runner, wanted.name, widened);
  for (const column of nullableFirst(existing, wanted)) {
    const fill = `UPDATE \`${wanted.name}\` SET \`${column.name}\` = ${column.default} WHERE \`${column.name}\` IS NULL`;
    await migrationStep(wanted.name, () => runner.query(fill));
  }
  await alter(runner, wanted.name, changedColumns(existing, wanted, 'require'));
}

async function alter(runner: QueryRunner, table: string, parts: readonly string[]): Promise<void> {
  if (parts.length === 0) return;
  await migrationStep(table, () => runner.query(`ALTER TABLE \`${table}\` ${parts.join(', ')}`));
}

/** A table of the older pipeline may lack the unique index and hold a name twice; which row counts is not ours to say. */
async function requireDistinctNames(
  runner: QueryRunner,
  wanted: WantedTable,
  unique: readonly string[],
): Promise<void> {
  const column = wanted.unique;
  if (column === null || unique.includes(column)) return;
  const rows: { doubled: string | number }[] = await runner.query(
    `SELECT COUNT(\`${column}\`) - COUNT(DISTINCT \`${column}\` COLLATE utf8mb4_bin) AS doubled FROM \`${wanted.name}\``,
  );
  if (Number(rows[0]?.doubled ?? 0) === 0) return;
  throw new TidemarkError('DUPLICATE_KEY', {
    message: `replica: ${wanted.name} holds more than one row for the same ${column}`,
    hint: `Keep one row per ${column}, delete the others, then run \`tidemark migrate\` again.`,
    table: wanted.name,
  });
}

import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { columnForm, SEQUENCE_COLUMN, type ColumnDescription } from '@tidemark/mysql';

import type { CopyContext } from './copy-context.ts';
import { buryRows } from './bury-rows.ts';
import { STAGE } from './stage-rows.ts';

export interface Applied {
  readonly inserted: number;
  readonly updated: number;
}

/**
 * Writes the staged rows into the replica table by key: rows that differ are updated, new ones inserted, each stamped
 * with this run's copy sequence; equal ones are not touched. Runs inside the run's transaction.
 *
 * Every column is listed, the ON UPDATE stamps too, or a replica table that has one would be stamped by the replica.
 */
export async function applyStage(context: CopyContext): Promise<Applied> {
  await buryRenamedKeys(context);
  const updated = await context.replica.execute(updateStatement(context));
  const inserted = await context.replica.execute(insertStatement(context));
  return { inserted, updated };
}

function updateStatement(context: CopyContext): string {
  const names = context.columns.map((column) => quoteMysqlIdentifier(column.name));
  return `UPDATE ${quoteMysqlIdentifier(context.replicaTable.name)} AS t
      JOIN ${STAGE} AS s ON ${joinOnKey(context)}
       SET ${names.map((name) => `t.${name} = s.${name}`).join(', ')},
           t.${quoteMysqlIdentifier(SEQUENCE_COLUMN)} = ${BigInt(context.sequence)}
     WHERE NOT (${context.columns.map((column) => sameValue(context, column)).join(' AND ')})`;
}

function insertStatement(context: CopyContext): string {
  const names = context.columns.map((column) => quoteMysqlIdentifier(column.name));
  const [firstKey = ''] = context.key.map(quoteMysqlIdentifier);
  return `INSERT INTO ${quoteMysqlIdentifier(context.replicaTable.name)}
           (${names.join(', ')}, ${quoteMysqlIdentifier(SEQUENCE_COLUMN)})
    SELECT ${names.map((name) => `s.${name}`).join(', ')}, ${BigInt(context.sequence)}
      FROM ${STAGE} AS s
      LEFT JOIN ${quoteMysqlIdentifier(context.replicaTable.name)} AS t ON ${joinOnKey(context)}
     WHERE t.${firstKey} IS NULL`;
}

/** Join condition of replica table (t) and staging table (s). */
export function joinOnKey(context: CopyContext): string {
  return context.key.map((name) => `t.${quoteMysqlIdentifier(name)} = s.${quoteMysqlIdentifier(name)}`).join(' AND ');
}

/**
 * Null-safe equality of the exact value. A collation may hold `a` and `A`, or `a` and `a ` for equal: text is compared
 * by its bytes, JSON as printed. FLOAT prints six of its nine digits, DOUBLE(10,2) two decimals: both are compared as
 * the plain doubles that are read and digested.
 *
 * A function whose result is longer than max_allowed_packet gives NULL, on both sides: what can be that long is compared
 * without one, or an update would be taken for none.
 */
function sameValue(context: CopyContext, column: ColumnDescription): string {
  const name = quoteMysqlIdentifier(column.name);
  const same = (expression: (value: string) => string): string =>
    `${expression(`t.${name}`)} <=> ${expression(`s.${name}`)}`;
  switch (columnForm(column)) {
    case 'text':
    case 'enum': {
      const { charset } = replicaColumn(context, column) ?? column;
      if (!MAY_BE_LONG.test(column.dataType)) return same((value) => `CAST(${value} AS BINARY)`);
      // A binary collation pads with spaces, hence the length.
      return `(${same((value) => `LENGTH(${value})`)} AND ${same((value) => `${value} COLLATE ${charset}_bin`)})`;
    }
    case 'json':
      return `(${same((value) => `CAST(${value} AS CHAR)`)} AND ${same((value) => value)})`;
    case 'double':
    case 'float':
      return same((value) => `(${value} + 0e0)`);
    case 'geometry':
      return `(${same((value) => `HEX(${value})`)} AND ${same((value) => `CRC32(${value})`)})`;
    default:
      return `t.${name} <=> s.${name}`;
  }
}

const MAY_BE_LONG = /^(medium|long)text$/;

function replicaColumn({ replicaTable }: CopyContext, { name }: ColumnDescription): ColumnDescription | undefined {
  return replicaTable.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

/** A key that changed only in what its collation ignores is another key in the warehouse: the old one gets a tombstone. */
async function buryRenamedKeys(context: CopyContext): Promise<void> {
  const textKeys = context.columns.filter(
    (column) => context.key.includes(column.name) && columnForm(column) === 'text',
  );
  if (textKeys.length === 0) return;
  await buryRows(
    context,
    `JOIN ${STAGE} AS s ON ${joinOnKey(context)}
      WHERE NOT (${textKeys.map((column) => sameValue(context, column)).join(' AND ')})`,
  );
}

import { TidemarkError } from '@tidemark/errors';
import type { QueryRunner } from 'typeorm';

export interface ExistingColumn {
  readonly name: string;
  readonly dataType: string;
  readonly nullable: boolean;
  readonly autoIncrement: boolean;
  readonly length: number | null;
  readonly fractionDigits: number | null;
  readonly collation: string | null;
}

export interface ExistingTable {
  readonly engine: string;
  readonly rowFormat: string;
  readonly columns: readonly ExistingColumn[];
  /** Columns that are unique each by itself. */
  readonly uniqueColumns: readonly string[];
  /** Column lists of all indexes, in order, joined by a comma. */
  readonly indexed: readonly string[];
  readonly hasPrimaryKey: boolean;
}

/** What a tracking table looks like now; null when there is none. @throws TidemarkError when the name is a view's */
export async function readTable(runner: QueryRunner, name: string): Promise<ExistingTable | null> {
  const tables: { engine: string | null; rowFormat: string | null; tableType: string }[] = await runner.query(
    `SELECT engine AS engine, row_format AS rowFormat, table_type AS tableType FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name = ?`,
    [name],
  );
  const table = tables[0];
  if (!table) return null;
  if (table.tableType !== 'BASE TABLE' || table.engine === null) {
    throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
      message: `replica: ${name} exists and is not a table`,
      hint: `Rename or drop it, then run \`tidemark migrate\` again.`,
      table: name,
    });
  }
  return {
    engine: table.engine,
    rowFormat: table.rowFormat ?? '',
    columns: await readColumns(runner, name),
    ...(await readIndexes(runner, name)),
  };
}

interface ColumnRecord {
  readonly name: string;
  readonly dataType: string;
  readonly nullable: string;
  readonly extra: string;
  readonly length: string | number | null;
  readonly fractionDigits: string | number | null;
  readonly collation: string | null;
}

async function readColumns(runner: QueryRunner, table: string): Promise<ExistingColumn[]> {
  const records: ColumnRecord[] = await runner.query(
    `SELECT column_name AS name, data_type AS dataType, is_nullable AS nullable,
       extra AS extra, character_maximum_length AS length,
       datetime_precision AS fractionDigits, collation_name AS collation
     FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
    [table],
  );
  return records.map((record) => ({
    name: record.name,
    dataType: record.dataType.toLowerCase(),
    nullable: record.nullable === 'YES',
    autoIncrement: record.extra.includes('auto_increment'),
    length: record.length === null ? null : Number(record.length),
    fractionDigits: record.fractionDigits === null ? null : Number(record.fractionDigits),
    collation: record.collation,
  }));
}

async function readIndexes(
  runner: QueryRunner,
  table: string,
): Promise<Pick<ExistingTable, 'uniqueColumns' | 'indexed' | 'hasPrimaryKey'>> {
  const records: { name: string; nonUnique: string | number; columns: string; prefixes: string | number }[] =
    await runner.query(
      `SELECT index_name AS name, MAX(non_unique) AS nonUnique, COUNT(sub_part) AS prefixes,
         GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns
       FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? GROUP BY index_name`,
      [table],
    );
  const whole = records.filter((record) => Number(record.prefixes) === 0);
  return {
    uniqueColumns: whole.filter((record) => Number(record.nonUnique) === 0).map((record) => record.columns),
    indexed: whole.map((record) => record.columns),
    hasPrimaryKey: records.some((record) => record.name === 'PRIMARY'),
  };
}

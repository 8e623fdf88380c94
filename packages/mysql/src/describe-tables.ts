import type { MysqlRow, MysqlSession } from './open-session.ts';
import type { ColumnDescription, IndexDescription, TableDescription } from './types.ts';

const TABLES = `
  SELECT TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS row_estimate, TABLE_COLLATION AS collation,
         COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0) AS bytes
    FROM information_schema.TABLES
   WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'`;

const COLUMNS = `
  SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, DATA_TYPE AS data_type, COLUMN_TYPE AS column_type,
         IS_NULLABLE AS nullable, CHARACTER_MAXIMUM_LENGTH AS text_length, CHARACTER_OCTET_LENGTH AS byte_length,
         NUMERIC_PRECISION AS num_precision, NUMERIC_SCALE AS num_scale, DATETIME_PRECISION AS fraction_digits,
         CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation, COLUMN_DEFAULT AS default_value, EXTRA AS extra
    FROM information_schema.COLUMNS
   WHERE TABLE_SCHEMA = ?`;

const INDEXES = `
  SELECT TABLE_NAME AS table_name, INDEX_NAME AS name, NON_UNIQUE AS non_unique, COLUMN_NAME AS column_name,
         NULLABLE AS nullable, SUB_PART AS prefix
    FROM information_schema.STATISTICS
   WHERE TABLE_SCHEMA = ?`;

/**
 * Describes base tables of the session's database: three statements, however many tables.
 *
 * @param names only these tables; all when left out
 */
export async function describeTables(session: MysqlSession, names?: readonly string[]): Promise<TableDescription[]> {
  if (names?.length === 0) return [];
  if (session.facts.flavor === 'mysql' && session.facts.versionNumber >= 80_000) {
    // MySQL 8 keeps row estimates for a day unless told otherwise.
    await session.execute('SET SESSION information_schema_stats_expiry = 0');
  }
  const only = names ? ` AND TABLE_NAME IN (${names.map(() => '?').join(', ')})` : '';
  const params = [session.database, ...(names ?? [])];
  const tables = await session.query(`${TABLES}${only} ORDER BY TABLE_NAME`, params);
  const columns = groupByTable(await session.query(`${COLUMNS}${only} ORDER BY TABLE_NAME, ORDINAL_POSITION`, params));
  const indexes = groupByTable(
    await session.query(`${INDEXES}${only} ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`, params),
  );
  return tables.map((row) => describe(row, columns.get(text(row, 'name')) ?? [], indexes.get(text(row, 'name')) ?? []));
}

function text(row: MysqlRow, field: string): string {
  return row[field] ?? '';
}

function numberOrNull(value: string | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function groupByTable(rows: readonly MysqlRow[]): Map<string, MysqlRow[]> {
  return Map.groupBy(rows, (row) => text(row, 'table_name'));
}

function describe(row: MysqlRow, columnRows: readonly MysqlRow[], indexRows: readonly MysqlRow[]): TableDescription {
  const indexes = describeIndexes(indexRows);
  return {
    name: text(row, 'name'),
    engine: text(row, 'engine'),
    estimatedRows: Number(row['row_estimate'] ?? 0),
    estimatedBytes: Number(row['bytes'] ?? 0),
    collation: row['collation'] ?? null,
    columns: columnRows.map(describeColumn),
    indexes,
    key: keyOf(indexes),
  };
}

function describeColumn(row: MysqlRow): ColumnDescription {
  const dataType = text(row, 'data_type').toLowerCase();
  const columnType = text(row, 'column_type');
  const extra = text(row, 'extra').toLowerCase();
  const isBinary = /binary|blob/.test(dataType);
  return {
    name: text(row, 'name'),
    dataType,
    columnType,
    unsigned: /\bunsigned\b/.test(columnType),
    nullable: row['nullable'] === 'YES',
    length:
      dataType === 'bit'
        ? numberOrNull(row['num_precision'])
        : numberOrNull(row[isBinary ? 'byte_length' : 'text_length']),
    precision: numberOrNull(row['num_precision']),
    scale: numberOrNull(row['num_scale']),
    fractionDigits: numberOrNull(row['fraction_digits']) ?? 0,
    charset: row['charset'] ?? null,
    collation: row['collation'] ?? null,
    // MariaDB prints the word NULL where a column has no default but may be NULL.
    defaultExpression: row['default_value'] === 'NULL' ? null : (row['default_value'] ?? null),
    autoIncrement: extra.includes('auto_increment'),
    onUpdateStamp: extra.includes('on update current_timestamp'),
    generated: /(virtual|stored|persistent) ?(generated)?/.test(extra) && !extra.includes('default_generated'),
    invisible: extra.includes('invisible'),
  };
}

function describeIndexes(rows: readonly MysqlRow[]): IndexDescription[] {
  return (
    [...Map.groupBy(rows, (row) => text(row, 'name'))]
      // An expression index (MySQL 8) has a part without a column name: nothing here can use it.
      .filter(([, parts]) => parts.every((part) => part['column_name'] !== null))
      .map(([name, parts]) => ({
        name,
        unique: parts[0]?.['non_unique'] === '0',
        columns: parts.map((part) => ({
          name: text(part, 'column_name'),
          nullable: part['nullable'] === 'YES',
          prefix: part['prefix'] !== null,
        })),
      }))
  );
}

function keyOf(indexes: readonly IndexDescription[]): readonly string[] {
  const unique = indexes.filter(
    (index) => index.unique && index.columns.every((column) => !column.nullable && !column.prefix),
  );
  const chosen = unique.find((index) => index.name === 'PRIMARY') ?? unique[0];
  return chosen ? chosen.columns.map((column) => column.name) : [];
}

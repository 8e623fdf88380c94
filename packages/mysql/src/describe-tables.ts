import type { MysqlRow, MysqlSession } from './open-session.ts';
import type { ColumnDescription, IndexDescription, MysqlFlavor, TableDescription } from './types.ts';

const TABLES = `
  SELECT TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS row_estimate, TABLE_COLLATION AS collation,
         CAST(CREATE_TIME AS CHAR) AS created,
         COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0) AS bytes
    FROM information_schema.TABLES
   WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')`;

const COLUMNS = `
  SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, DATA_TYPE AS data_type, COLUMN_TYPE AS column_type,
         IS_NULLABLE AS nullable, CHARACTER_MAXIMUM_LENGTH AS text_length, CHARACTER_OCTET_LENGTH AS byte_length,
         NUMERIC_PRECISION AS num_precision, NUMERIC_SCALE AS num_scale, DATETIME_PRECISION AS fraction_digits,
         CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation, COLUMN_DEFAULT AS default_value, EXTRA AS extra
    FROM information_schema.COLUMNS
   WHERE TABLE_SCHEMA = ?`;

const INDEXES = `
  SELECT TABLE_NAME AS table_name, INDEX_NAME AS name, NON_UNIQUE AS non_unique, COLUMN_NAME AS column_name,
         NULLABLE AS nullable, SUB_PART AS prefix, INDEX_TYPE AS index_type
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
  return tables.map((row) => {
    const name = text(row, 'name');
    const described = (columns.get(name) ?? []).map((column) => describeColumn(column, session.facts.flavor));
    return describe(row, described, describeIndexes(indexes.get(name) ?? []));
  });
}

/** The columns of one table as they are now, in one statement; none where there is no such table. */
export async function describeColumns(session: MysqlSession, table: string): Promise<ColumnDescription[]> {
  const rows = await session.query(`${COLUMNS} AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`, [
    session.database,
    table,
  ]);
  return rows.map((row) => describeColumn(row, session.facts.flavor));
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

function describe(
  row: MysqlRow,
  columns: readonly ColumnDescription[],
  indexes: readonly IndexDescription[],
): TableDescription {
  return {
    name: text(row, 'name'),
    engine: text(row, 'engine'),
    estimatedRows: Number(row['row_estimate'] ?? 0),
    estimatedBytes: Number(row['bytes'] ?? 0),
    collation: row['collation'] ?? null,
    created: row['created'] ?? null,
    columns,
    indexes,
    key: keyOf(indexes, columns),
  };
}

function describeColumn(row: MysqlRow, flavor: MysqlFlavor): ColumnDescription {
  const dataType = text(row, 'data_type').toLowerCase();
  const isEnum = dataType === 'enum' || dataType === 'set';
  const printedType = text(row, 'column_type');
  // MariaDB prints how a column is stored behind its type: `datetime /* mariadb-5.3 */`, `text /*M!100301 COMPRESSED*/`.
  const columnType = isEnum ? printedType : printedType.replace(/\s*\/\*.*\*\//, '');
  const extra = text(row, 'extra').toLowerCase();
  const isBinary = /binary|blob/.test(dataType);
  return {
    name: text(row, 'name'),
    dataType,
    columnType,
    unsigned: !isEnum && /\bunsigned\b/.test(columnType),
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
    // MariaDB prints the word NULL where a column has no default but may be NULL; in MySQL that word is a text.
    defaultExpression: flavor === 'mariadb' && row['default_value'] === 'NULL' ? null : (row['default_value'] ?? null),
    autoIncrement: extra.includes('auto_increment'),
    onUpdateStamp: extra.includes('on update current_timestamp'),
    generated: /(virtual|stored|persistent) ?(generated)?/.test(extra) && !extra.includes('default_generated'),
    invisible: extra.includes('invisible'),
  };
}

function describeIndexes(rows: readonly MysqlRow[]): IndexDescription[] {
  return (
    [...Map.groupBy(rows, (row) => text(row, 'name'))]
      // Nothing here can use an index on an expression (MySQL 8: a part without a column name), on words or on places.
      .filter(([, parts]) => parts.every((part) => part['column_name'] !== null))
      .filter(([, parts]) => !/^(FULLTEXT|SPATIAL)$/.test(text(parts[0] ?? {}, 'index_type')))
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

function keyOf(indexes: readonly IndexDescription[], columns: readonly ColumnDescription[]): readonly string[] {
  // What the server computes is not copied, so no copied row could be found by it.
  const computed = new Set(columns.filter((column) => column.generated).map((column) => column.name));
  const unique = indexes.filter(
    (index) =>
      index.unique && index.columns.every((column) => !column.nullable && !column.prefix && !computed.has(column.name)),
  );
  const chosen = unique.find((index) => index.name === 'PRIMARY') ?? unique[0];
  return chosen ? chosen.columns.map((column) => column.name) : [];
}

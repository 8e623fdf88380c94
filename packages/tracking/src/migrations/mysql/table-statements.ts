import type { ExistingColumn, ExistingTable } from './read-table.ts';
import type { WantedColumn, WantedIndex, WantedTable } from './wanted-table.ts';

/**
 * InnoDB always: the rows and their tracking cannot move together in an engine without transactions. The row format is
 * named because the unique index on a 255-character name is longer than the old COMPACT format allows.
 */
const ENGINE = 'ENGINE=InnoDB ROW_FORMAT=DYNAMIC';

export function createStatement(table: WantedTable): string {
  const lines = [
    ...table.columns.map((column) => definition(column, true)),
    'PRIMARY KEY (`id`)',
    ...indexesOf(table).map((index) => indexDefinition(index)),
  ];
  return `CREATE TABLE \`${table.name}\` (\n  ${lines.join(',\n  ')}\n) ${ENGINE} DEFAULT CHARSET=utf8mb4`;
}

/** What is added to a table that is there: engine, columns, indexes. */
export function addedParts(existing: ExistingTable, wanted: WantedTable): string[] {
  const found = new Map(existing.columns.map((column) => [column.name, column]));
  const parts: string[] = [];
  const kept = existing.engine.toLowerCase() === 'innodb' && existing.rowFormat.toLowerCase() === 'dynamic';
  if (!kept) parts.push(ENGINE);
  for (const column of wanted.columns) {
    const present = found.get(column.name);
    // An `id` that does not count by itself would give every new row the same number.
    if (present && (!column.autoIncrement || present.autoIncrement)) continue;
    parts.push(`${present ? 'MODIFY' : 'ADD'} COLUMN ${definition(column, true)}`);
    if (column.autoIncrement && !existing.indexed.some((columns) => columns.split(',')[0] === column.name)) {
      parts.push(`ADD ${existing.hasPrimaryKey ? 'UNIQUE' : 'PRIMARY KEY'} (\`${column.name}\`)`);
    }
  }
  for (const index of indexesOf(wanted)) {
    if (!hasIndex(existing, index)) parts.push(`ADD ${indexDefinition(index)}`);
  }
  return parts;
}

/**
 * MODIFY clauses for columns of another type. `widen` leaves a nullable column nullable, so that its empty values can
 * be filled before `require` makes it NOT NULL.
 */
export function changedColumns(existing: ExistingTable, wanted: WantedTable, step: 'widen' | 'require'): string[] {
  const parts: string[] = [];
  for (const column of wanted.columns) {
    const found = existing.columns.find((candidate) => candidate.name === column.name);
    if (!found || column.accepts.length === 0) continue;
    const fillFirst = column.notNull === true && found.nullable;
    if (step === 'require' ? fillFirst : !fits(found, column)) {
      parts.push(`MODIFY COLUMN ${definition(column, step === 'require' || !fillFirst)}`);
    }
  }
  return parts;
}

/** Columns that may hold NULL and must not. */
export function nullableFirst(existing: ExistingTable, wanted: WantedTable): WantedColumn[] {
  return wanted.columns.filter(
    (column) =>
      column.notNull === true &&
      column.default !== undefined &&
      column.accepts.length > 0 &&
      existing.columns.some((found) => found.name === column.name && found.nullable),
  );
}

function fits(found: ExistingColumn, column: WantedColumn): boolean {
  if (!column.accepts.includes(found.dataType)) return false;
  if (column.collation !== undefined && found.collation !== column.collation) return false;
  return column.size === undefined || (found.length ?? found.fractionDigits ?? 0) >= column.size;
}

function definition(column: WantedColumn, withNotNull: boolean): string {
  const parts = [`\`${column.name}\``, column.type];
  if (column.collation !== undefined) parts.push(`CHARACTER SET utf8mb4 COLLATE ${column.collation}`);
  parts.push(column.notNull === true && withNotNull ? 'NOT NULL' : 'NULL');
  if (column.default !== undefined) parts.push(`DEFAULT ${column.default}`);
  if (column.onUpdate !== undefined) parts.push(`ON UPDATE ${column.onUpdate}`);
  if (column.autoIncrement) parts.push('AUTO_INCREMENT');
  return parts.join(' ');
}

function indexesOf(table: WantedTable): readonly WantedIndex[] {
  if (table.unique === null) return table.indexes;
  return [{ name: `uq_${table.name}_${table.unique}`, columns: [table.unique], unique: true }, ...table.indexes];
}

function indexDefinition(index: WantedIndex): string {
  const columns = index.columns.map((column) => `\`${column}\``).join(', ');
  return `${index.unique ? 'UNIQUE INDEX' : 'INDEX'} \`${index.name}\` (${columns})`;
}

function hasIndex(existing: ExistingTable, index: WantedIndex): boolean {
  const columns = index.columns.join(',');
  if (index.unique) return existing.uniqueColumns.includes(columns);
  return existing.indexed.some((candidate) => candidate === columns || candidate.startsWith(`${columns},`));
}

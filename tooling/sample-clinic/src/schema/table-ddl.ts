import type { ClinicColumn, ClinicTable } from './clinic-tables.ts';
import { quoteName } from './quote-name.ts';

/** How the practice's tables are stored. */
export interface TableOptions {
  readonly engine: 'MyISAM' | 'InnoDB';
  readonly charset: string;
  readonly collation: string;
}

/**
 * The CREATE TABLE statement of one table, zero-date defaults included.
 *
 * Only legal in a session without NO_ZERO_DATE and without strict mode, which is how OpenDental runs its server.
 */
export function tableDdl(table: ClinicTable, options: TableOptions): string {
  const lines = [
    ...table.columns.map((column) => columnDdl(column, table)),
    `PRIMARY KEY (${quoteName(table.key)})`,
    ...table.columns.filter(({ indexed }) => indexed === true).map(({ name }) => indexDdl(name, [name])),
  ];
  if (table.stampIndex !== undefined) {
    lines.push(indexDdl(table.stampIndex.length > 1 ? `${table.stamp}PN` : `${table.stamp}`, table.stampIndex));
  }
  return [
    `CREATE TABLE ${quoteName(table.name)} (\n  ${lines.join(',\n  ')}\n)`,
    `ENGINE=${options.engine} DEFAULT CHARSET=${options.charset} COLLATE=${options.collation}`,
  ].join(' ');
}

function columnDdl(column: ClinicColumn, table: ClinicTable): string {
  const parts = [quoteName(column.name), column.type, column.nullable === true ? 'NULL' : 'NOT NULL'];
  if (column.name === table.stamp) parts.push('DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP');
  else if (column.default !== undefined) parts.push(`DEFAULT ${column.default}`);
  else if (column.nullable === true) parts.push('DEFAULT NULL');
  if (column.autoIncrement === true) parts.push('AUTO_INCREMENT');
  return parts.join(' ');
}

function indexDdl(name: string, columns: readonly string[]): string {
  return `KEY ${quoteName(name)} (${columns.map(quoteName).join(', ')})`;
}

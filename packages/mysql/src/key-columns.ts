import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { TidemarkError } from '@tidemark/errors';

import { columnForm } from './column-form.ts';
import type { MysqlParameter } from './open-session.ts';
import type { ColumnDescription, TableDescription } from './types.ts';

/** One value per key column, as the server printed it. Never shown to anybody: a key is patient data. */
export type KeyValue = readonly string[];

/** A piece of a table: after the one key (exclusive), up to the other (inclusive). Null: open on that side. */
export interface KeyRange {
  readonly after: KeyValue | null;
  readonly upTo: KeyValue | null;
}

export const WHOLE_TABLE: KeyRange = { after: null, upTo: null };

interface KeyColumn {
  /** What rows are ordered and compared by. */
  readonly expression: string;
  /** What gives the value as text. */
  readonly read: string;
  /** A placeholder that compares in the column's own type, so that its index serves and no digit is lost. */
  readonly placeholder: string;
  readonly toParameter: (text: string) => MysqlParameter;
}

/**
 * The key columns of a table, as SQL.
 *
 * @param alias the table's alias in the statement, where it has one
 * @throws TidemarkError TABLE_CHANGED_DURING_RUN when a key column is not among the table's columns
 * @throws TidemarkError TABLE_WITHOUT_KEY when a key column may be NULL: such a row would be in no range
 */
export function keyColumns(table: TableDescription, key: readonly string[], alias?: string): KeyColumn[] {
  return key.map((name) => {
    const column = table.columns.find((candidate) => candidate.name === name);
    if (!column) {
      throw new TidemarkError('TABLE_CHANGED_DURING_RUN', {
        message: `key column ${name} is not in the table`,
        hint: 'Correct primary_key in tables.yml, or run again if the table is being changed.',
        table: table.name,
      });
    }
    if (column.nullable) {
      throw new TidemarkError('TABLE_WITHOUT_KEY', {
        message: `key column ${name} may be NULL`,
        hint: 'Name columns that are NOT NULL as primary_key of this table in tables.yml.',
        table: table.name,
      });
    }
    return keyColumn(column, alias === undefined ? '' : `${alias}.`);
  });
}

function keyColumn(column: ColumnDescription, prefix: string): KeyColumn {
  const name = prefix + quoteMysqlIdentifier(column.name);
  const asText = (text: string): MysqlParameter => text;
  const asInteger = (text: string): MysqlParameter => BigInt(text);
  switch (columnForm(column)) {
    case 'integer':
    case 'year':
      return { expression: name, read: name, placeholder: '?', toParameter: asInteger };
    case 'bit':
    case 'enum':
      // The server orders an ENUM by its number and compares it by its name: take the number for both.
      return { expression: `(${name} + 0)`, read: `(${name} + 0)`, placeholder: '?', toParameter: asInteger };
    case 'decimal':
      return {
        expression: name,
        read: name,
        placeholder: `CAST(? AS DECIMAL(${column.precision ?? 65}, ${column.scale ?? 0}))`,
        toParameter: asText,
      };
    case 'binary':
      return { expression: name, read: `HEX(${name})`, placeholder: 'UNHEX(?)', toParameter: asText };
    case 'float':
    case 'double':
      return { expression: name, read: `(${name} + 0e0)`, placeholder: '(? + 0e0)', toParameter: asText };
    default:
      return { expression: name, read: name, placeholder: '?', toParameter: asText };
  }
}

/** `ORDER BY` list of a key. */
export function keyOrder(columns: readonly KeyColumn[], direction: 'ASC' | 'DESC' = 'ASC'): string {
  return columns.map((column) => `${column.expression} ${direction}`).join(', ');
}

/** A WHERE condition that holds for the rows of a range; `TRUE` for the whole table. */
export function rangeCondition(
  columns: readonly KeyColumn[],
  range: KeyRange,
): { readonly sql: string; readonly params: MysqlParameter[] } {
  const lower = range.after ? compareKey(columns, '>', range.after) : null;
  const upper = range.upTo ? compareKey(columns, '<=', range.upTo) : null;
  const sides = [lower, upper].filter((side) => side !== null);
  return {
    sql: sides.length === 0 ? 'TRUE' : sides.map((side) => side.sql).join(' AND '),
    params: sides.flatMap((side) => side.params),
  };
}

/**
 * `(a > x) OR (a = x AND b > y)`: written out, because MySQL before 5.7 and MariaDB do not use an index for row
 * comparisons. The leading `a >= x` lets the index on a composite key start in the right place.
 */
function compareKey(
  columns: readonly KeyColumn[],
  operator: '>' | '<=',
  value: KeyValue,
): { sql: string; params: MysqlParameter[] } {
  const strict = operator === '>' ? '>' : '<';
  const params: MysqlParameter[] = [];
  const parameterOf = (index: number): MysqlParameter => columns[index]?.toParameter(value[index] ?? '') ?? null;
  const alternatives = columns.map((column, last) => {
    const equal = columns.slice(0, last).map((earlier, index) => {
      params.push(parameterOf(index));
      return `${earlier.expression} = ${earlier.placeholder}`;
    });
    params.push(parameterOf(last));
    const isLast = last === columns.length - 1;
    return [...equal, `${column.expression} ${isLast ? operator : strict} ${column.placeholder}`].join(' AND ');
  });
  if (alternatives.length === 1) return { sql: alternatives[0] ?? 'TRUE', params };
  const first = columns[0];
  const lead = first ? `${first.expression} ${strict}= ${first.placeholder} AND ` : '';
  return {
    sql: `(${lead}(${alternatives.map((alternative) => `(${alternative})`).join(' OR ')}))`,
    params: [parameterOf(0), ...params],
  };
}

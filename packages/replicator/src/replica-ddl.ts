import { quoteMysqlIdentifier } from '@tidemark/incremental';
import {
  columnForm,
  SEQUENCE_COLUMN,
  toPlanTable,
  type ColumnDescription,
  type IndexDescription,
  type TableDescription,
} from '@tidemark/mysql';

/** What a replica server can store. */
export interface ReplicaAbilities {
  /** Collations the server knows, in lower case. */
  readonly collations: ReadonlySet<string>;
  /** Data types that this server has and others lack. */
  readonly hasJson: boolean;
}

export interface ReplicaTableInput {
  readonly source: TableDescription;
  readonly key: readonly string[];
  /** Columns that get an index of their own, for reading the replica by stamp. */
  readonly indexed: readonly string[];
  readonly abilities: ReplicaAbilities;
}

/** utf8mb4 takes four bytes a character; a row holds at most 65,535 bytes outside its TEXT and BLOB columns. */
const LONGEST_VARCHAR = 4_000;

/** Rows and tracking can move together in an engine with transactions only (promise P1). */
export const STORAGE = 'ENGINE=InnoDB ROW_FORMAT=DYNAMIC';

/** CREATE TABLE of the replica's copy of a source table. */
export function createReplicaTable(input: ReplicaTableInput): string {
  const columns = input.source.columns.map((column) => replicaColumn(column, input));
  const key = input.key.map(quoteMysqlIdentifier).join(', ');
  return [
    `CREATE TABLE ${quoteMysqlIdentifier(input.source.name)} (`,
    [
      ...columns,
      sequenceColumn(),
      `PRIMARY KEY (${key})`,
      `KEY ${quoteMysqlIdentifier(SEQUENCE_COLUMN)} (${quoteMysqlIdentifier(SEQUENCE_COLUMN)})`,
      ...stampIndexes(input, []),
    ].join(',\n  '),
    `) ${STORAGE} DEFAULT CHARACTER SET utf8mb4`,
  ].join('\n');
}

/** Indexes of the stamps, so that the replica can be read by them; those that a table has already are not made twice. */
export function stampIndexes(input: ReplicaTableInput, existing: readonly IndexDescription[]): string[] {
  const leading = new Set([input.key[0], ...existing.map((index) => index.columns[0]?.name)]);
  return stampsOf(input)
    .filter((name) => !leading.has(name))
    .map((name, index) => `KEY \`_tidemark_stamp_${index + 1}\` (${quoteMysqlIdentifier(name)})`);
}

/** The listed columns that the table has and that can order changes: a misspelt one must not hinder the copy. */
function stampsOf({ source, key, indexed }: ReplicaTableInput): string[] {
  const wanted = new Set(indexed.map((name) => name.toLowerCase()));
  return toPlanTable(source, key)
    .columns.filter((column) => column.kind !== 'other' && wanted.has(column.name.toLowerCase()))
    .map((column) => column.name);
}

/**
 * Rows that are there when the column is added get `ofRows`; whoever writes a row says its sequence.
 *
 * Invisible, so that `SELECT *` and inserts without a column list see the source's columns only.
 */
export function sequenceColumn(ofRows = '0'): string {
  return `${quoteMysqlIdentifier(SEQUENCE_COLUMN)} BIGINT UNSIGNED NOT NULL DEFAULT ${BigInt(ofRows)} INVISIBLE`;
}

/** Definition of one column: same type, nullability and (where legal) default as in the source. */
export function replicaColumn(column: ColumnDescription, input: Pick<ReplicaTableInput, 'key' | 'abilities'>): string {
  const isKey = input.key.includes(column.name);
  const nullable = column.nullable && !isKey;
  return [
    quoteMysqlIdentifier(column.name),
    replicaType(column, input.abilities, isKey),
    nullable ? 'NULL' : 'NOT NULL',
    defaultClause(column, nullable),
  ]
    .filter(Boolean)
    .join(' ');
}

/** The type of a column in the replica. Everything the source computes (generated, auto-increment, ON UPDATE) is plain here. */
export function replicaType(column: ColumnDescription, abilities: ReplicaAbilities, isKey = false): string {
  const form = columnForm(column);
  if (form === 'json' && !abilities.hasJson) return 'longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
  if (form !== 'text' && form !== 'enum') return column.columnType;
  if (column.charset === null) return column.columnType;
  const type =
    column.dataType === 'varchar' && (column.length ?? 0) > LONGEST_VARCHAR && !isKey
      ? 'mediumtext'
      : column.columnType;
  return `${type} CHARACTER SET utf8mb4 COLLATE ${replicaCollation(column.collation, abilities.collations)}`;
}

/**
 * The collation that keeps two different keys of the source different: the same one, or its utf8mb4 twin (equal for all
 * that utf8mb3 holds), else binary.
 */
export function replicaCollation(collation: string | null, known: ReadonlySet<string>): string {
  const match = /^(utf8|utf8mb3|utf8mb4)_(.+)$/.exec(collation?.toLowerCase() ?? '');
  const twin = match ? `utf8mb4_${match[2] ?? ''}` : '';
  return known.has(twin) ? twin : 'utf8mb4_bin';
}

function defaultClause(column: ColumnDescription, nullable: boolean): string {
  if (columnForm(column) === 'timestamp') {
    // Without a default of its own the first TIMESTAMP of a table gets ON UPDATE CURRENT_TIMESTAMP on older servers.
    return nullable ? 'DEFAULT NULL' : `DEFAULT CURRENT_TIMESTAMP${fraction(column)}`;
  }
  return literalDefault(column) ?? (nullable ? 'DEFAULT NULL' : '');
}

function fraction(column: ColumnDescription): string {
  return column.fractionDigits > 0 ? `(${column.fractionDigits})` : '';
}

const WITHOUT_DEFAULT = new Set(['text', 'json', 'binary', 'bit', 'geometry']);

/** Only plain literals are taken over; the replica's rows are always written in full, so no default is ever used. */
function literalDefault(column: ColumnDescription): string | null {
  const form = columnForm(column);
  const isText = form === 'text' && (column.dataType === 'varchar' || column.dataType === 'char');
  if (column.defaultExpression === null || (WITHOUT_DEFAULT.has(form) && !isText)) return null;
  const literal = column.defaultExpression.replace(/^'([\s\S]*)'$/, '$1');
  if (isText || form === 'enum') return /^[\w .-]*$/.test(literal) ? `DEFAULT '${literal}'` : null;
  if (/^-?\d+(\.\d+)?$/.test(literal)) return `DEFAULT ${literal}`;
  // Zero dates are no legal default in the replica's sql_mode of the day.
  return /^[1-9]\d{3}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/.test(literal) ? `DEFAULT '${literal}'` : null;
}

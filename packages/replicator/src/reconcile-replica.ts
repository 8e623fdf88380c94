import {
  comparableType,
  columnForm,
  SEQUENCE_COLUMN,
  type ColumnDescription,
  type TableDescription,
} from '@tidemark/mysql';

import { replicaCollation, replicaType, type ReplicaAbilities } from './replica-ddl.ts';

/** What must happen to the replica table before rows can be written. */
export type ReplicaChange =
  | { readonly kind: 'add'; readonly column: ColumnDescription }
  | { readonly kind: 'widen'; readonly column: ColumnDescription }
  | { readonly kind: 'add_sequence' }
  /** Another program left it without any key. */
  | { readonly kind: 'add_key' }
  /** A stamp that the replica would move by itself. */
  | { readonly kind: 'stop_stamping'; readonly column: ColumnDescription }
  /** The table was built by another program, in an engine without transactions. */
  | { readonly kind: 'make_transactional' };

export interface Reconciliation {
  readonly changes: readonly ReplicaChange[];
  /** Why the table cannot be followed without a decision; empty when it can. Column names only. */
  readonly obstacles: readonly string[];
}

/** Compares the source's columns with the replica's: pure, so that every case is a line in a table test. */
export function reconcileReplica(
  source: TableDescription,
  replica: TableDescription,
  key: readonly string[],
  abilities: ReplicaAbilities,
): Reconciliation {
  const there = new Map(replica.columns.map((column) => [column.name, column]));
  const wanted = new Set(source.columns.map((column) => column.name));
  const changes: ReplicaChange[] = [];
  const obstacles: string[] = [];
  for (const column of source.columns) {
    const existing = there.get(column.name);
    if (!existing) changes.push({ kind: 'add', column });
    else {
      const step = compareTypes(column, existing, { isKey: key.includes(column.name), abilities });
      if (step === 'widen') changes.push({ kind: 'widen', column });
      else if (step === 'same' && existing.onUpdateStamp) changes.push({ kind: 'stop_stamping', column });
      if (existing.generated) obstacles.push(`column ${column.name} is computed in the replica`);
      if (step === 'incompatible')
        obstacles.push(
          `column ${column.name} is ${column.columnType} in the source and ${existing.columnType} in the replica`,
        );
    }
  }
  for (const column of replica.columns) {
    if (!wanted.has(column.name) && column.name !== SEQUENCE_COLUMN)
      obstacles.push(`column ${column.name} is gone from the source`);
  }
  if (replica.key.length === 0) changes.push({ kind: 'add_key' });
  else if (replica.key.join('\0') !== key.join('\0')) {
    obstacles.push(`the key is (${key.join(', ')}) in the source and (${replica.key.join(', ')}) in the replica`);
  }
  if (!there.has(SEQUENCE_COLUMN)) changes.push({ kind: 'add_sequence' });
  if (replica.engine.toLowerCase() !== 'innodb') changes.push({ kind: 'make_transactional' });
  return { changes, obstacles };
}

const INTEGER_RANK = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'];
const TEXT_RANK = ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'];
const BINARY_RANK = ['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob'];

/** Whether every value the replica column holds fits into the source's type. */
function compareTypes(
  source: ColumnDescription,
  replica: ColumnDescription,
  { isKey, abilities }: { readonly isKey: boolean; readonly abilities: ReplicaAbilities },
): 'same' | 'widen' | 'incompatible' {
  const mustTakeNull = source.nullable && !replica.nullable && !isKey;
  const needsOtherText = isKey ? ordersOtherwise(source, replica, abilities) : holdsFewerCharacters(source, replica);
  const unlessType = mustTakeNull || needsOtherText ? 'widen' : 'same';
  if (comparableType(source) === comparableType(replica)) return unlessType;
  const expected = replicaType(source, abilities).split(' CHARACTER SET')[0] ?? '';
  if (expected === replica.columnType) return unlessType;
  return fits(replica, source) ? 'widen' : fits(source, replica) && sameForm(source, replica) ? 'same' : 'incompatible';
}

/** A key by another collation: it may hold two keys of the source for one, or one for two. */
function ordersOtherwise(
  source: ColumnDescription,
  replica: ColumnDescription,
  { collations }: ReplicaAbilities,
): boolean {
  if (source.charset === null || replica.charset === null) return false;
  return replicaCollation(source.collation, collations) !== replica.collation?.toLowerCase();
}

/** Only in a replica table of another program: Tidemark's own take every character. */
function holdsFewerCharacters(source: ColumnDescription, replica: ColumnDescription): boolean {
  return replica.charset !== null && replica.charset !== 'utf8mb4' && replica.charset !== source.charset;
}

function sameForm(left: ColumnDescription, right: ColumnDescription): boolean {
  return columnForm(left) === columnForm(right);
}

function fits(from: ColumnDescription, into: ColumnDescription): boolean {
  const rankIn = (ranks: readonly string[]): boolean => ranks.includes(from.dataType) && ranks.includes(into.dataType);
  if (rankIn(INTEGER_RANK)) return fitsInteger(from, into);
  if (rankIn(TEXT_RANK)) return (from.length ?? 0) <= (into.length ?? 0);
  if (rankIn(BINARY_RANK)) return from.dataType !== 'binary' && (from.length ?? 0) <= (into.length ?? 0);
  if (from.dataType === into.dataType && columnForm(from) === 'enum') return hasMembersOf(into, from);
  if (from.dataType === 'decimal' && into.dataType === 'decimal') return fitsDecimal(from, into);
  if (from.dataType === 'float' && into.dataType === 'double') return true;
  if (from.dataType === into.dataType && ['datetime', 'timestamp', 'time'].includes(from.dataType)) {
    return from.fractionDigits <= into.fractionDigits;
  }
  if (from.dataType === 'date' && into.dataType === 'datetime') return true;
  return (
    INTEGER_RANK.indexOf(from.dataType) >= 0 &&
    INTEGER_RANK.indexOf(from.dataType) <= 2 &&
    (into.dataType === 'float' || into.dataType === 'double')
  );
}

function fitsInteger(from: ColumnDescription, into: ColumnDescription): boolean {
  const fromRank = INTEGER_RANK.indexOf(from.dataType);
  const intoRank = INTEGER_RANK.indexOf(into.dataType);
  if (from.unsigned === into.unsigned) return fromRank <= intoRank;
  return from.unsigned && fromRank < intoRank;
}

function fitsDecimal(from: ColumnDescription, into: ColumnDescription): boolean {
  const whole = (column: ColumnDescription): number => (column.precision ?? 0) - (column.scale ?? 0);
  return whole(from) <= whole(into) && (from.scale ?? 0) <= (into.scale ?? 0);
}

/** In any order: the server keeps the words of an ENUM or SET when their numbers change. */
function hasMembersOf(wider: ColumnDescription, narrower: ColumnDescription): boolean {
  const members = membersOf(wider);
  return [...membersOf(narrower)].every((member) => members.has(member));
}

function membersOf({ columnType }: ColumnDescription): Set<string> {
  return new Set(columnType.match(/'(?:[^']|'')*'/g));
}

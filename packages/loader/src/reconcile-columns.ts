import { judgeType } from './judge-type.ts';
import { takesNull } from './postgres-type.ts';
import type { TargetColumn } from './raw-target.ts';

/** A column as PostgreSQL's catalog describes it. */
export interface RawColumn {
  readonly name: string;
  /** As `format_type` prints it. */
  readonly type: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** Computed by PostgreSQL and refusing a value from outside: a generated column, or GENERATED ALWAYS AS IDENTITY. */
  readonly computed: boolean;
}

/** A raw column that cannot take what the replica has. */
export interface Obstacle {
  readonly column: string;
  readonly isKey: boolean;
  /** A part of a sentence: names and types only. */
  readonly why: string;
}

export interface ColumnChanges {
  readonly add: readonly TargetColumn[];
  readonly widen: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** Columns that must take NULL from now on. */
  readonly dropNotNull: readonly string[];
  /** Why rows cannot be written without a decision. */
  readonly obstacles: readonly Obstacle[];
  /** The columns with the type that they will have in raw. */
  readonly columns: readonly TargetColumn[];
}

/**
 * Decides what must change in an existing raw table before rows of the replica can be written to it.
 *
 * Columns that only raw has keep their values; those of the source's past must take NULL for the rows to come. Nothing is
 * ever dropped or narrowed.
 */
export function reconcileColumns(wanted: readonly TargetColumn[], existing: readonly RawColumn[]): ColumnChanges {
  const there = new Map(existing.map((column) => [column.name, column]));
  const loaded = new Set(wanted.map((column) => column.name));
  const obstacles: Obstacle[] = [];
  const widen: { name: string; from: string; to: string }[] = [];
  const columns = wanted.map((column): TargetColumn => {
    const has = there.get(column.name);
    if (!has) return column;
    const stopAt = (why: string): number => obstacles.push({ column: has.name, isKey: column.isKey, why });
    if (has.computed) stopAt(`column ${has.name} is computed by PostgreSQL`);
    const verdict = judgeType(has.type, column.source);
    if (verdict.step === 'incompatible') {
      stopAt(`column ${has.name} is ${has.type} in raw, and ${column.source.columnType} needs ${column.type}`);
    }
    if (verdict.step !== 'widen') return { ...column, type: has.type };
    widen.push({ name: has.name, from: has.type, to: verdict.to });
    return { ...column, type: verdict.to };
  });
  const neverFilled = existing.filter(
    (column) => !loaded.has(column.name) && column.notNull && !column.hasDefault && !column.computed,
  );
  return {
    add: wanted.filter((column) => !there.has(column.name)),
    widen,
    dropNotNull: [
      ...wanted.filter(
        (column) => !column.isKey && takesNull(column.source) && there.get(column.name)?.notNull === true,
      ),
      ...neverFilled,
    ].map((column) => column.name),
    obstacles,
    columns,
  };
}

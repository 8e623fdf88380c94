import {
  compareCursorValues,
  parseCursorValue,
  type OrderedKind,
  type PlanColumn,
  type PlanTable,
  type Watermarks,
} from '@tidemark/incremental';

import type { StampVerdict } from './judge-row.ts';

export interface StampInput {
  /** The incremental columns. */
  readonly columns: readonly PlanColumn[];
  readonly table: PlanTable;
  readonly watermarks: Watermarks;
  readonly highestKey: string | null;
  readonly logic: 'or' | 'and';
}

/** Reads the value of a column of the row as text; null for NULL. */
export type ReadColumn = (column: string) => string | null;

/** Says of a source row how its stamps stand to the watermarks of the last copy. */
export function judgeStamp(input: StampInput, read: ReadColumn): StampVerdict {
  const { columns, table, watermarks, highestKey, logic } = input;
  const [keyName] = table.key;
  if (table.keyIsAutoIncrement && keyName !== undefined && compare('integer', read(keyName), highestKey) === 'beyond') {
    return 'beyond';
  }
  const verdicts = columns.map(({ name, kind }) =>
    kind === 'other' ? 'none' : compare(kind, read(name), watermarks[name] ?? null),
  );
  if (verdicts.every((verdict) => verdict === 'none')) return 'none';
  const verdict = furthestOf(verdicts, logic);
  return verdict === 'none' ? 'behind' : verdict;
}

const NEARER: readonly StampVerdict[] = ['none', 'behind', 'at', 'beyond'];

/** By `or` one stamp is enough for a row to be read, by `and` the least of all decides. */
function furthestOf(verdicts: readonly StampVerdict[], logic: StampInput['logic']): StampVerdict {
  const places = verdicts.map((verdict) => NEARER.indexOf(verdict));
  return NEARER[logic === 'and' ? Math.min(...places) : Math.max(...places)] ?? 'none';
}

function compare(kind: OrderedKind, text: string | null, watermark: string | null): StampVerdict {
  const value = text === null ? null : parseCursorValue(kind, text);
  const mark = watermark === null ? null : parseCursorValue(kind, watermark);
  if (value === null || mark === null) return 'none';
  const order = compareCursorValues(value, mark);
  if (order === 0) return 'at';
  return order > 0 ? 'beyond' : 'behind';
}

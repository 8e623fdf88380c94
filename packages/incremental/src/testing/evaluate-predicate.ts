import { compareIntegerTexts, compareTimeTexts } from '../cursor-value.ts';
import type { Predicate, PredicateBranch } from '../types.ts';

/** The values of one row, as the server prints them. */
export type Row = Readonly<Record<string, string | null>>;

/** What a server answers to the condition for one row, worked out from the branches. */
export function selects(predicate: Predicate, row: Row): boolean {
  const stamps = predicate.branches.filter((branch) => branch.operator === '>=');
  const keys = predicate.branches.filter((branch) => branch.operator === '>');
  const moved = (branch: PredicateBranch): boolean => holds(branch, row[branch.column] ?? null);
  return (predicate.logic === 'and' ? stamps.every(moved) : stamps.some(moved)) || keys.some(moved);
}

function holds(branch: PredicateBranch, value: string | null): boolean {
  if (value === null) {
    return false;
  }
  const compare = branch.bound.includes('-', 1) ? compareTimeTexts : compareIntegerTexts;
  const order = compare(value, branch.bound);
  return branch.operator === '>=' ? order >= 0 : order > 0;
}

/** Reads the condition back from its SQL: the branches in order, and how they are joined. */
export function parseSql(sql: string): { columns: string[]; operators: string[]; joints: string } {
  const branch = /`((?:[^`]|``)+)` (>=|>) \?/g;
  const found = [...sql.matchAll(branch)];
  return {
    columns: found.map((match) => (match[1] ?? '').replaceAll('``', '`')),
    operators: found.map((match) => match[2] ?? ''),
    joints: sql.replaceAll(branch, 'x'),
  };
}

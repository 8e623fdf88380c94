import { inspect } from 'node:util';

import type { Path, Problem } from './yaml-document.ts';

const LONGEST_QUOTE = 40;

/** `tables.patient.incremental_columns[2]`; names with other characters are quoted. */
export function describePath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const name = String(step);
      return `${index > 0 ? '.' : ''}${/^[\w$-]+$/.test(name) ? name : JSON.stringify(name)}`;
    })
    .join('');
}

/** A value of tables.yml for a message. Configuration may be quoted, unlike a row's value; long ones are cut. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  if (typeof value !== 'string') return inspect(value);
  return JSON.stringify(value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}…` : value);
}

/** `tables.yml:12:5 …`, in the order of the file. */
export function renderProblems(problems: readonly Problem[], fileName: string): string[] {
  return problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, text }) => `${fileName}:${line}:${column} ${text}`);
}

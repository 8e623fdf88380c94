import { styleText } from 'node:util';

import Table from 'cli-table3';

export interface Column<Row> {
  readonly head: string;
  readonly align?: 'left' | 'right';
  readonly cell: (row: Row) => string;
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/** Rows under headings, without lines: what `grep`, `awk` and eyes like. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const table = new Table({
    head: columns.map((column) => dim(column.head)),
    chars: NO_LINES,
    colAligns: columns.map((column) => column.align ?? 'left'),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => columns.map((column) => column.cell(row))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Colours of stdout: left out by `styleText` itself where it is no terminal or NO_COLOR is set. */
export function dim(text: string): string {
  return styleText('dim', text, { stream: process.stdout });
}

export function good(text: string): string {
  return styleText('green', text, { stream: process.stdout });
}

export function bad(text: string): string {
  return styleText('red', text, { stream: process.stdout });
}

export function odd(text: string): string {
  return styleText('yellow', text, { stream: process.stdout });
}

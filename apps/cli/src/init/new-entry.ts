import type { NewEntry } from '@tidemark/config';

import { formatCount, plural } from '@tidemark/command-line/render';
import type { InitTable } from './init-report.ts';

/** Characters of a comment line: with indentation and `# ` it stays below 120. */
const COMMENT_WIDTH = 114;

/** The entry of a table that is added, with the reasons above it. @throws never for a table that has a strategy */
export function toNewEntry(table: InitTable & { readonly strategy: NonNullable<InitTable['strategy']> }): NewEntry {
  const { strategy, incrementalColumns, key, estimatedRows, estimatedSizeMb } = table;
  const unused = table.unused.map(({ columns, why }) => `${columns.join(', ')} (${why})`);
  const comments = [
    `${table.reason} ${sizeText(estimatedRows, estimatedSizeMb)}`,
    ...(unused.length > 0 ? [`Not used: ${unused.join('; ')}.`] : []),
    ...table.evidence,
  ];
  return {
    table: table.table,
    comments: comments.flatMap((comment) => wrap(comment)),
    strategy,
    incrementalColumns,
    primaryKey: key,
    estimatedRows,
    estimatedSizeMb,
  };
}

function sizeText(rows: number, megabytes: number): string {
  return `About ${plural(rows, 'row')}${megabytes >= 1 ? `, ${formatCount(megabytes)} MB` : ''}.`;
}

export function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > COMMENT_WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

import type { Strategy } from '@tidemark/incremental';
import { Document, isMap, isScalar, isSeq } from 'yaml';

/** One table as it is to be written into a tables.yml. */
export interface NewEntry {
  readonly table: string;
  /** Why it is so, a line each; written above the entry. */
  readonly comments: readonly string[];
  readonly strategy: Strategy;
  readonly incrementalColumns: readonly string[];
  readonly primaryKey: readonly string[];
  readonly estimatedRows: number;
  readonly estimatedSizeMb: number;
}

export interface NewFile {
  /** Lines above everything. */
  readonly comments: readonly string[];
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly entries: readonly NewEntry[];
  /** Lines below the last table. */
  readonly closing: readonly string[];
}

const LINE_WIDTH = 120;

/** The text of a whole tables.yml. */
export function renderFile({ comments, metadata, entries, closing }: NewFile): string {
  const text = new Document({ metadata }).toString({ lineWidth: LINE_WIDTH });
  const parts = [
    comments.map(commentLine).join(''),
    text,
    'tables:\n',
    renderEntries(entries, 2),
    ...(closing.length > 0 ? [`\n${closing.map(commentLine).join('')}`] : []),
  ];
  return parts.join('');
}

/** The entries as they stand under `tables:`, with so many spaces before each name. */
export function renderEntries(entries: readonly NewEntry[], indentation: number): string {
  const document = new Document(Object.fromEntries(entries.map((entry) => [entry.table, valuesOf(entry)])));
  const pairs = isMap(document.contents) ? document.contents.items : [];
  for (const [index, pair] of pairs.entries()) {
    const comments = entries[index]?.comments ?? [];
    if (isScalar(pair.key)) pair.key.commentBefore = comments.map((line) => ` ${line}`).join('\n');
    for (const name of ['incremental_columns', 'primary_key']) {
      const value = document.getIn([entries[index]?.table, name], true);
      if (isSeq(value)) value.flow = true;
    }
  }
  const space = ' '.repeat(indentation);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).replace(/^(?=.)/gm, space);
}

function valuesOf(entry: NewEntry): Record<string, unknown> {
  const [only, ...others] = entry.primaryKey;
  return {
    table_name: entry.table,
    extraction_strategy: entry.strategy,
    incremental_columns: [...entry.incrementalColumns],
    primary_key: others.length === 0 ? only : [...entry.primaryKey],
    estimated_rows: entry.estimatedRows,
    estimated_size_mb: entry.estimatedSizeMb,
  };
}

function commentLine(line: string): string {
  return line === '' ? '\n' : `# ${line}\n`;
}

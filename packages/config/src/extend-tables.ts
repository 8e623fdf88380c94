import { isDeepStrictEqual } from 'node:util';

import { TidemarkError } from '@tidemark/errors';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

import { configInvalid } from './config-invalid.ts';
import { parseTables } from './parse-tables.ts';
import { renderEntries, type NewEntry } from './render-entries.ts';

/**
 * Adds entries at the end of `tables:` of an existing file.
 *
 * Everything that is there stays as it is, to the byte: the file is not written anew from its values, which would lose
 * long numbers, quotes, order and layout of what people or other programs wrote.
 *
 * @param text a tables.yml that `parseTables` accepts
 * @throws CONFIG_INVALID where nothing can be added to it
 */
export function extendTables(text: string, fileName: string, entries: readonly NewEntry[]): string {
  if (entries.length === 0) return text;
  const before = parseTables(text, fileName);
  const { at, indentation } = findEnd(text, fileName);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const head = text.slice(0, at);
  const added = renderEntries(entries, indentation).replaceAll('\n', eol);
  const extended = `${head}${head.endsWith('\n') ? '' : eol}${added}${text.slice(at)}`;
  const after = parseTables(extended, fileName);
  const isKept = [...before.tables].every(([table, entry]) => isDeepStrictEqual(after.tables.get(table), entry));
  if (isKept && after.tables.size === before.tables.size + entries.length) return extended;
  throw new TidemarkError('INTERNAL', {
    message: `${fileName}: adding tables would change what is there; nothing was written`,
    hint: 'This is a defect: report it with the file. `tidemark init --dry-run --json` says what to add by hand.',
  });
}

/** Where the map of tables ends: behind the line of its last value. */
function findEnd(text: string, fileName: string): { at: number; indentation: number } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, stringKeys: true });
  const tables: unknown = document.get('tables', true);
  if (!isMap(tables)) throw cannotAdd(fileName, 'its tables are not written as a map of their own');
  if (tables.flow === true) throw cannotAdd(fileName, 'its tables are written in braces');
  const [first] = tables.items;
  const start = isScalar(first?.key) ? (first.key.range?.[0] ?? 0) : 0;
  return { at: endOfLine(text, tables.range?.[1] ?? 0), indentation: lines.linePos(start).col - 1 };
}

function endOfLine(text: string, from: number): number {
  // A block ends at the beginning of the line after it already.
  if (from > 0 && text[from - 1] === '\n') return from;
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}

function cannotAdd(fileName: string, why: string): TidemarkError {
  return configInvalid(
    [`${fileName}: new tables cannot be added: ${why}`],
    'Write `tables:` as a block, one table below the other, and run again; or --dry-run to see what would be added.',
  );
}

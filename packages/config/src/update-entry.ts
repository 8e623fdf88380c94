import { TidemarkError } from '@tidemark/errors';
import type { Strategy } from '@tidemark/incremental';
import { Document, isMap, isNode, isScalar, isSeq, parseDocument, type Pair, type YAMLMap } from 'yaml';

import { parseTables } from './parse-tables.ts';
import type { TablesFile } from './tables-file.ts';

/** What is set in an entry; what is left out stays as it is. */
export interface EntryChange {
  readonly strategy?: Strategy | undefined;
  readonly incrementalColumns?: readonly string[] | undefined;
}

/** A piece of the text and what takes its place. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Sets strategy and columns of one table. Only the text of these values changes, with the comments inside of a list that
 * is replaced; order and everything else stay as they are.
 *
 * @param key of the entry under `tables:`
 * @returns null where the entry shares its settings with others by an anchor, or cannot be changed alone
 */
export function updateEntry(text: string, fileName: string, key: string, change: EntryChange): string | null {
  const splices = splicesOf(text, key, change);
  if (splices === null) return null;
  let changed = text;
  for (const { from, to, text: part } of splices.toSorted((a, b) => b.from - a.from)) {
    changed = changed.slice(0, from) + part + changed.slice(to);
  }
  return isAsMeant(text, changed, { fileName, key, change }) ? changed : null;
}

function splicesOf(text: string, key: string, change: EntryChange): Splice[] | null {
  const document = parseDocument(text, { merge: true, stringKeys: true });
  const tables: unknown = document.get('tables', true);
  const entry = isMap(tables) ? tables.items.find((pair) => isScalar(pair.key) && pair.key.value === key) : undefined;
  if (!entry) return null;
  const values = Object.entries({
    extraction_strategy: change.strategy,
    incremental_columns: change.incrementalColumns,
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, valueText(value)] as const]));
  const { value } = entry;
  if (value === null || (isScalar(value) && value.value === null) || (isMap(value) && value.items.length === 0)) {
    return [replaceValue(text, entry, `{${values.map(([name, each]) => `${name}: ${each}`).join(', ')}}`)];
  }
  if (!isMap(value)) return null;
  const missing = values.filter(([name]) => !findPair(value, name));
  const present = values.flatMap(([name, each]) => {
    const pair = findPair(value, name);
    return pair ? [replaceValue(text, pair, each)] : [];
  });
  return missing.length === 0 ? present : [insertBefore(text, value, missing), ...present];
}

function findPair(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === name);
}

function valueText(value: Strategy | readonly string[]): string {
  if (typeof value === 'string') return value;
  const document = new Document([...value]);
  if (isSeq(document.contents)) document.contents.flow = true;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
}

/** From behind the key to the end of the value. A block ends on the line after it: that line end is not the value's. */
function replaceValue(text: string, { key, value }: Pair, part: string): Splice {
  const from = isNode(key) ? (key.range?.[1] ?? 0) : 0;
  const end = Math.max(from + 1, isNode(value) ? (value.range?.[1] ?? 0) : 0);
  return { from, to: from + text.slice(from, end).trimEnd().length, text: `: ${part}` };
}

/** New settings go before the first one, in the layout that it has. */
function insertBefore(text: string, map: YAMLMap, missing: readonly (readonly [string, string])[]): Splice {
  const [first] = map.items;
  const at = isScalar(first?.key) ? (first.key.range?.[0] ?? 0) : 0;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const separator = map.flow === true ? ', ' : `${text.includes('\r\n') ? '\r\n' : '\n'}${text.slice(lineStart, at)}`;
  return { from: at, to: at, text: missing.map(([name, value]) => `${name}: ${value}${separator}`).join('') };
}

interface Meant {
  readonly fileName: string;
  readonly key: string;
  readonly change: EntryChange;
}

function isAsMeant(before: string, after: string, { fileName, key, change }: Meant): boolean {
  const old = parseTables(before, fileName);
  const changed = parseIfValid(after, fileName);
  if (changed === null) return false;
  const own = entryOf(changed, key);
  const others = (file: TablesFile) => [...file.tables.values()].filter((entry) => entry.key !== key);
  return (
    own !== undefined &&
    (change.strategy === undefined || own.strategy === change.strategy) &&
    (change.incrementalColumns === undefined || same(own.incrementalColumns, change.incrementalColumns)) &&
    same(others(old), others(changed)) &&
    same([old.defaults, old.source, old.run], [changed.defaults, changed.source, changed.run]) &&
    same(
      { ...entryOf(old, key), strategy: null, incrementalColumns: null },
      { ...own, strategy: null, incrementalColumns: null },
    )
  );
}

/** Null where the settings no longer go together: a lookback for a column that is none any more, say. */
function parseIfValid(text: string, fileName: string): TablesFile | null {
  try {
    return parseTables(text, fileName);
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'CONFIG_INVALID') return null;
    throw error;
  }
}

function entryOf(file: TablesFile, key: string) {
  return [...file.tables.values()].find((entry) => entry.key === key);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

import type { z } from 'zod';

import { slipOf } from './close-names.ts';
import { configInvalid } from './config-invalid.ts';
import { describePath, describeValue, renderProblems } from './problem-text.ts';
import { readTableEntry, readOwnSettings } from './table-entry.ts';
import { EVERY_COLUMN, type TableEntry, type TablesFile } from './tables-file.ts';
import { defaultsSchema, keepSchema, runSchema, sourceSchema, tableSchema } from './tables-schema.ts';
import { readYaml, type Path, type Problem, type YamlDocument } from './yaml-document.ts';

const HINT = 'Correct the file and run again; tables.example.yml explains every key. Nothing was started.';

/** What a reading gathers on its way: all problems are told together. */
interface Reading {
  readonly document: YamlDocument;
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/**
 * Reads the text of a tables.yml.
 *
 * @param fileName as it is to stand before line and column in every message
 * @throws CONFIG_INVALID naming every wrong value with line and column
 */
export function parseTables(text: string, fileName: string): TablesFile {
  const result = readYaml(text);
  if (!result.ok) throw configInvalid(renderProblems(result.problems, fileName), HINT);
  const { document } = result;
  const reading: Reading = { document, problems: [], warnings: [...document.warnings] };
  const file = readFile(reading, fileName);
  if (reading.problems.length > 0) throw configInvalid(renderProblems(reading.problems, fileName), HINT);
  return { ...file, warnings: renderProblems(reading.warnings, fileName) };
}

function readFile(reading: Reading, fileName: string): Omit<TablesFile, 'warnings'> {
  const top = reading.document.value;
  if (!isMap(top)) {
    addProblem(reading, [], `expected a map with the key tables, got ${describeFile(top)}`);
  }
  const sections = withoutNulls(isMap(top) ? top : {});
  const defaults = readSection(reading, 'defaults', sections, defaultsSchema);
  const source = readSection(reading, 'source', sections, sourceSchema);
  const run = readSection(reading, 'run', sections, runSchema);
  const keep = readSection(reading, 'keep', sections, keepSchema);
  return {
    fileName,
    tables: isMap(top) ? readTables(reading, sections['tables']) : new Map(),
    defaults: readOwnSettings(defaults ?? {}),
    source: {
      window: source?.window ?? null,
      maxRowsPerSecond: source?.max_rows_per_second ?? null,
      pauseAboveThreadsRunning: source?.pause_above_threads_running ?? null,
      statementTimeoutSeconds: source?.statement_timeout ?? null,
    },
    run: {
      jobs: run?.jobs ?? null,
      logLevel: run?.log_level ?? null,
      retries: run?.retries ?? null,
      stallSeconds: run?.stall_timeout ?? null,
    },
    keep: { tombstones: keep?.tombstones ?? null, history: keep?.history ?? null },
  };
}

/** A file that is no map may be another one than was meant, a .env with passwords in it: its text is not quoted. */
function describeFile(top: unknown): string {
  if (top === null) return 'nothing';
  return typeof top === 'string' ? 'a text' : describeValue(top);
}

/** A top-level section that only Tidemark has: a key it does not know is a mistake. */
function readSection<T extends z.ZodObject>(
  reading: Reading,
  name: string,
  sections: Readonly<Record<string, unknown>>,
  schema: T,
): z.output<T> | null {
  if (!(name in sections)) return null;
  const known = Object.keys(schema.shape);
  const given = sections[name];
  for (const key of isMap(given) ? Object.keys(given) : []) {
    if (!known.includes(key)) {
      addProblem(reading, [name, key], `unknown key; known are ${known.join(', ')}`, reading.document.placeOfKey);
    }
  }
  return check(reading, [name], given, schema);
}

function readTables(reading: Reading, given: unknown): Map<string, TableEntry> {
  const tables = new Map<string, TableEntry>();
  if (!isMap(given) || Object.keys(given).length === 0) {
    addProblem(
      reading,
      ['tables'],
      `expected a map of at least one table, got ${given === undefined ? 'nothing' : describeValue(given)}`,
    );
    return tables;
  }
  for (const [key, value] of Object.entries(given)) {
    const path = ['tables', key];
    const parsed = check(reading, path, value ?? {}, tableSchema);
    if (parsed === null) continue;
    warnOfSlips(reading, path, parsed);
    const entry = readTableEntry(key, parsed);
    checkLookback(reading, path, entry);
    const earlier = tables.get(entry.table);
    if (earlier) {
      addProblem(
        reading,
        path,
        `${describePath([entry.table])} is already described by tables.${describePath([earlier.key])}`,
        reading.document.placeOfKey,
      );
    }
    tables.set(entry.table, entry);
  }
  return tables;
}

function warnOfSlips(reading: Reading, path: Path, parsed: Readonly<Record<string, unknown>>): void {
  const known = Object.keys(tableSchema.shape);
  for (const key of Object.keys(parsed)) {
    const meant = slipOf(key, known);
    if (meant === null) continue;
    const text = `${describePath([...path, key])}: unknown key, ignored; ${meant} was probably meant`;
    reading.warnings.push({ ...reading.document.placeOfKey([...path, key]), text });
  }
}

/** A lookback for a column that is not read incrementally has no effect, so it can only be a slip. */
function checkLookback(reading: Reading, path: Path, { own, incrementalColumns }: TableEntry): void {
  if (own.lookbackSeconds === null || incrementalColumns === null) return;
  const columns = new Set(incrementalColumns.map((column) => column.toLowerCase()));
  for (const column of Object.keys(own.lookbackSeconds)) {
    if (column === EVERY_COLUMN || columns.has(column.toLowerCase())) continue;
    addProblem(
      reading,
      [...path, 'lookback', column],
      'is not one of incremental_columns',
      reading.document.placeOfKey,
    );
  }
}

function check<T extends z.ZodType>(reading: Reading, path: Path, value: unknown, schema: T): z.output<T> | null {
  const result = schema.safeParse(isMap(value) ? withoutNulls(value) : value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const at = [...path, ...issue.path];
    addProblem(reading, at, `expected ${issue.message}, got ${describeValue(issue.input)}`);
  }
  return null;
}

function addProblem(reading: Reading, path: Path, text: string, placeOf = reading.document.placeOf): void {
  const where = path.length > 0 ? `${describePath(path)}: ` : '';
  reading.problems.push({ ...placeOf(path), text: `${where}${text}` });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Real files write `key: null` for what they do not say. */
function withoutNulls(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));
}

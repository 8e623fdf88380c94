import { readFileSync } from 'node:fs';

import {
  extendTables,
  readConnections,
  renderFile,
  resolveTables,
  selectTables,
  tableSettings,
  updateEntry,
  type TablesFile,
} from '@tidemark/config';
import { TidemarkError } from '@tidemark/errors';
import { openMysqlSession } from '@tidemark/mysql';

import type { Setup, Terms } from '@tidemark/command-line';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { listTables } from '@tidemark/command-line/run';
import { changesOf } from './changes-of.ts';
import { describeSource } from './describe-source.ts';
import { findPartlyReadable } from './find-partly-readable.ts';
import type { InitReport, InitTable } from './init-report.ts';
import { toNewEntry } from './new-entry.ts';
import { proposeTables, type Proposed } from './propose-tables.ts';
import { readEvidence } from './read-evidence.ts';

export interface InitInput {
  readonly terms: Terms;
  readonly dryRun: boolean;
  /** Change entries that are there, as far as there is advice about them. */
  readonly update: boolean;
}

/** A statement that describes tables takes no longer; no row is asked of the source. */
const STATEMENT_TIMEOUT_SECONDS = 60;

/** Looks at the source, and writes or extends tables.yml. Without `setup.file` the file is written anew. */
export async function initTables(setup: Setup, { terms, dryRun, update }: InitInput): Promise<InitReport> {
  const { environment, file, settings } = setup;
  const path = settings.tables.value;
  const text = file ? readFileSync(path, 'utf8') : null;
  const { source } = readConnections(environment, ['source']);
  await using opened = new AsyncDisposableStack();
  const session = opened.adopt(
    await openMysqlSession(source, { where: 'source', statementTimeoutSeconds: STATEMENT_TIMEOUT_SECONDS }),
    (each) => each.close(),
  );
  const names = (await listTables(session)).map(({ name }) => name);
  const selected = new Set(select(names, file, terms));
  const evidence = await readEvidence(setup);
  const described = await describeSource(session, names);
  const partly = await findPartlyReadable(session, names);
  const proposed = proposeTables({ file, described, isSelected: (table) => selected.has(table), evidence, partly });
  const input = { file, path, proposed, update, dryRun, selected };
  const written = text === null ? created(proposed, source.database) : extended(text, input);
  const isChanged = written.text !== text;
  if (isChanged && !dryRun) writeFileAtomically(path, written.text);
  return {
    file: path,
    created: text === null,
    written: isChanged && !dryRun,
    ...proposed,
    tables: proposed.tables.map((table) => markUpdated(table, written.updated)),
    notUpdated: written.notUpdated,
    evidence: evidence.text,
  };
}

function markUpdated(table: InitTable, updated: ReadonlySet<string>): InitTable {
  return updated.has(table.table) ? { ...table, status: 'updated' } : table;
}

function select(names: readonly string[], file: TablesFile | null, terms: Terms): string[] {
  const { tables } = resolveTables({ file: null, sourceTables: names });
  return selectTables(tables, { ...terms, settings: (table) => tableSettings(file, table), lastStatus: () => null });
}

interface Written {
  readonly text: string;
  readonly updated: ReadonlySet<string>;
  readonly notUpdated: readonly string[];
}

function created({ tables }: Proposed, database: string): Written {
  const added = tables.filter((table) => table.status === 'added');
  if (added.length === 0) {
    throw new TidemarkError('CONFIG_INVALID', {
      message: `source: no table to write: ${tables.length === 0 ? 'the database has none that its user may see' : 'none that could be synced is selected'}`,
      hint: 'Check OPENDENTAL_SOURCE_DB and the rights of its user; or what --select and --exclude leave.',
    });
  }
  const leftOut = tables.filter((table) => table.status === 'left_out');
  const text = renderFile({
    comments: HEADER,
    metadata: {
      generated_by: 'tidemark init',
      generated_at: new Date().toISOString(),
      source_database: database,
      total_tables: added.length,
    },
    entries: entriesOf(added),
    closing: [...Map.groupBy(leftOut, ({ reason }) => reason)].flatMap(([reason, group]) => [
      `Left out: ${group.map(({ table }) => table).join(', ')}. ${reason}`,
    ]),
  });
  return { text, updated: new Set(), notUpdated: [] };
}

const HEADER = [
  'Which tables of the source are synced, and how changes are found. Written by `tidemark init`; change it as you like:',
  'running it again adds new tables below, says what has drifted, and changes no entry unless --update asks for it.',
  'Every key is explained in packages/config/tables.example.yml.',
  '',
];

interface Extending {
  readonly file: TablesFile | null;
  readonly path: string;
  readonly proposed: Proposed;
  readonly update: boolean;
  readonly dryRun: boolean;
  readonly selected: ReadonlySet<string>;
}

function extended(original: string, { file, path, proposed, update, dryRun, selected }: Extending): Written {
  let text = original;
  const updated = new Set<string>();
  const notUpdated: string[] = [];
  for (const { table, change } of update ? changesOf(file, proposed) : []) {
    if (!selected.has(table)) continue;
    const key = [...(file?.tables.values() ?? [])].find(
      (entry) => entry.table.toLowerCase() === table.toLowerCase(),
    )?.key;
    const changed = key === undefined ? null : updateEntry(text, path, key, change);
    if (changed === null) notUpdated.push(table);
    else {
      text = changed;
      updated.add(table);
    }
  }
  const added = proposed.tables.filter(({ status }) => status === 'added');
  // What cannot be added to can still be looked at.
  const whole = dryRun ? text : extendTables(text, path, entriesOf(added));
  return { text: whole, updated, notUpdated };
}

function entriesOf(tables: readonly InitTable[]) {
  return tables.flatMap(({ strategy, ...table }) => (strategy === null ? [] : [toNewEntry({ ...table, strategy })]));
}

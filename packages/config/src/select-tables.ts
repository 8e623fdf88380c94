import { TidemarkError } from '@tidemark/errors';
import type { TrackingStatus } from '@tidemark/tracking';
import picomatch from 'picomatch';

import { closeNames } from './close-names.ts';
import { configInvalid } from './config-invalid.ts';
import { indexNames, matchName, type NameIndex } from './match-name.ts';
import type { TableSettings } from './table-settings.ts';

/** What was asked for on the command line. */
export interface Selection {
  /** Terms: a table name, a glob, `tag:x`, `result:error|success|pending`. Empty: all tables. */
  readonly select: readonly string[];
  /** The same terms; what they name is left out. */
  readonly exclude: readonly string[];
  readonly settings: (table: string) => Pick<TableSettings, 'tags'>;
  /** How the last run of the table ended, the worst of its hops; null when there is no record. */
  readonly lastStatus: (table: string) => TrackingStatus | null;
}

const RESULTS: Readonly<Record<string, TrackingStatus>> = { error: 'failed', success: 'success', pending: 'pending' };

type TablePredicate = (table: string) => boolean;

/**
 * The tables that the terms name, in the order given.
 *
 * Several terms add up. A name, a tag or a glob to be taken that fits no table is an error, because it can only be a slip
 * (decision 75). A result that no table has selects none, and a glob to be left out may fit none.
 *
 * @throws TABLE_UNKNOWN for a name, with the names it may have meant; CONFIG_INVALID for a wrong term
 */
export function selectTables(tables: readonly string[], selection: Selection): string[] {
  const index = indexNames(tables);
  const compile = (term: string): TablePredicate => readTerm(term, tables, index, selection);
  const wanted = selection.select.map((term) => requireFit(term, tables, compile(term)));
  const unwanted = selection.exclude.map(compile);
  return tables.filter(
    (table) => (wanted.length === 0 || wanted.some((fits) => fits(table))) && !unwanted.some((fits) => fits(table)),
  );
}

function readTerm(term: string, tables: readonly string[], index: NameIndex, selection: Selection): TablePredicate {
  if (term.trim() === '')
    throw configInvalid(['the name of a table is empty'], 'Name a table, a glob, tag:… or result:….');
  if (index.exact.has(term)) return (table) => table === term;
  const method = /^(\w+):(.*)$/s.exec(term);
  if (method) return readMethod(method[1] ?? '', method[2] ?? '', tables, selection);
  if (isGlob(term)) return picomatch(term, { nocase: true, dot: true });
  const match = matchName(term, index);
  if (match.kind === 'found') return (table) => table === match.name;
  throw unknownTable(term, match.kind === 'ambiguous' ? match.names : closeNames(term, tables));
}

function isGlob(term: string): boolean {
  return picomatch.scan(term).isGlob || term.startsWith('!');
}

function requireFit(term: string, tables: readonly string[], fits: TablePredicate): TablePredicate {
  if (!isGlob(term) || tables.some((table) => fits(table))) return fits;
  throw new TidemarkError('TABLE_UNKNOWN', {
    message: `no table among those that are synced fits ${term}`,
    hint: '`tidemark plan` lists the tables that are synced.',
  });
}

function readMethod(method: string, value: string, tables: readonly string[], selection: Selection): TablePredicate {
  if (method === 'tag') return readTag(value, tables, selection);
  if (method !== 'result') {
    throw configInvalid([`${method}: is not a way to select tables`], 'Use a name, a glob, tag:… or result:….');
  }
  const status = Object.hasOwn(RESULTS, value) ? RESULTS[value] : undefined;
  if (!status)
    throw configInvalid([`result:${value} is not known`], `Use result:${Object.keys(RESULTS).join(', result:')}.`);
  return (table) => (selection.lastStatus(table) ?? 'pending') === status;
}

function readTag(tag: string, tables: readonly string[], selection: Selection): TablePredicate {
  const known = [...new Set(tables.flatMap((table) => selection.settings(table).tags))];
  if (known.includes(tag)) return (table) => selection.settings(table).tags.includes(tag);
  const meant = closeNames(tag, known);
  throw configInvalid(
    [`no table has the tag ${tag}`],
    meant.length > 0
      ? `Did you mean tag:${meant.join(' or tag:')}?`
      : 'Tags are given in tables.yml, with the key tags.',
  );
}

function unknownTable(term: string, meant: readonly string[]): TidemarkError {
  return new TidemarkError('TABLE_UNKNOWN', {
    message: `there is no table ${term} among those that are synced`,
    hint:
      meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : '`tidemark plan` lists the tables that are synced.',
    table: term,
  });
}

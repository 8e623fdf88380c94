import type { Setup } from '@tidemark/command-line';
import { copySettings, listTables, type BothTrackings } from '@tidemark/command-line/run';
import { readConnections } from '@tidemark/config';
import { listRaw, surveyRaw, type RawSurvey } from '@tidemark/loader';
import { openMysqlSession, type MysqlSession } from '@tidemark/mysql';
import { surveyReplica } from '@tidemark/replicator';
import type { LoadSession } from '@tidemark/tracking';

/** What another program left of one table, and what must happen before its rows can be taken over. */
export interface TableSurvey {
  readonly table: string;
  readonly replica: 'absent' | 'empty' | 'filled';
  readonly raw: 'absent' | 'empty' | 'filled';
  /** What is changed of the structure when the table is taken over. */
  readonly changes: readonly string[];
  /** Columns of raw that keep a type which Tidemark would not have chosen. */
  readonly keeps: RawSurvey['keeps'];
  /** What a person must change first. */
  readonly mustChange: readonly string[];
}

interface Sessions {
  readonly source: MysqlSession;
  readonly replica: MysqlSession;
  readonly load: LoadSession;
}

/**
 * Looks at the tables that the replica or raw has already and Tidemark did not bring there. Descriptions and single
 * rows only; nothing is changed.
 */
export async function surveyTables(
  setup: Setup,
  trackings: BothTrackings,
  tables: readonly string[],
): Promise<TableSurvey[]> {
  const { source, replica } = readConnections(setup.environment, ['source', 'replica']);
  const stallTimeoutMs = setup.settings.stallSeconds.value * 1000;
  const taken = await takenTables(trackings);
  await using opened = new AsyncDisposableStack();
  const sessions: Sessions = {
    source: opened.adopt(await openMysqlSession(source, { where: 'source', stallTimeoutMs }), (session) =>
      session.close(),
    ),
    replica: opened.adopt(await openMysqlSession(replica, { where: 'replica', stallTimeoutMs }), (session) =>
      session.close(),
    ),
    load: opened.adopt(await trackings.load.openSession(), (session) => session.release()),
  };
  const { schema } = trackings.load;
  const inReplica = new Set((await listTables(sessions.replica)).map(({ name }) => name));
  const inRaw = await listRaw(sessions.load.client, schema);
  const surveys: TableSurvey[] = [];
  for (const table of tables) {
    if (taken.has(table) || (!inReplica.has(table) && !inRaw.has(table))) continue;
    const survey = await surveyTable(setup, sessions, { schema, table });
    if (survey) surveys.push(survey);
  }
  return surveys;
}

/** Tables that both hops have brought over before: theirs is a state to go on from. */
async function takenTables({ copy, load }: BothTrackings): Promise<ReadonlySet<string>> {
  const [copied, loaded] = await Promise.all([copy.states(), load.states()]);
  const wasLoaded = new Set(loaded.filter(({ succeeded }) => succeeded).map(({ table }) => table));
  return new Set(copied.filter(({ table, succeeded }) => succeeded && wasLoaded.has(table)).map(({ table }) => table));
}

async function surveyTable(
  { file }: Setup,
  { source, replica, load }: Sessions,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<TableSurvey | null> {
  const found = await surveyReplica({ source, replica }, { table, settings: copySettings(file, table) });
  if (!found) return null;
  const raw = await surveyRaw(load.client, {
    schema,
    table: found.source,
    key: found.key,
    replica: found.state === 'filled' ? replica : null,
  });
  if (found.state !== 'filled' && raw.state !== 'filled') return null;
  return {
    table,
    replica: found.state,
    raw: raw.state,
    changes: [...told('replica', found.changes), ...told('raw', raw.changes)],
    keeps: raw.keeps,
    mustChange: [...told('replica', found.obstacles), ...told('raw', raw.obstacles)],
  };
}

function told(where: string, words: readonly string[]): string[] {
  return words.map((each) => `${where}: ${each}`);
}

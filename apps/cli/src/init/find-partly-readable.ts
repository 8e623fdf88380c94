import { TidemarkError } from '@tidemark/errors';
import { requireReadable, type MysqlSession } from '@tidemark/mysql';

/**
 * Which of the tables the user may read in part only, with words for it: a server describes just the columns that he may
 * read, and the others look as if they were not there. As in the copy hop, a table is asked for only where rights to
 * single columns were granted; such a grant outlives its table.
 */
export async function findPartlyReadable(
  session: MysqlSession,
  tables: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query(
    'SELECT DISTINCT TABLE_NAME AS name FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = ?',
    [session.database],
  );
  const granted = new Set(rows.map(({ name }) => name));
  const found = new Map<string, string>();
  for (const table of tables.filter((name) => granted.has(name))) {
    const refusal = await refusalOf(session, table);
    if (refusal) {
      const why = 'The user may not read all of its columns, so nothing can be said of it.';
      found.set(table, `${why} ${refusal.hint}`);
    }
  }
  return found;
}

async function refusalOf(session: MysqlSession, table: string): Promise<TidemarkError | null> {
  try {
    await requireReadable(session, table);
    return null;
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'RIGHT_MISSING') return error;
    throw error;
  }
}

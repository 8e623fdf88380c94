import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import type { MysqlSession } from '@tidemark/mysql';

/**
 * Tables of which the user may read some columns only: a server describes just those, and the others look as if they
 * were not there. As in the copy hop, whole tables are asked for only where rights to single columns were granted.
 */
export async function findHiddenColumns(session: MysqlSession): Promise<ReadonlySet<string>> {
  const granted = await session.query(
    'SELECT DISTINCT TABLE_NAME AS name FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = ?',
    [session.database],
  );
  const hidden = new Set<string>();
  for (const { name } of granted) {
    if (typeof name === 'string' && !(await isReadWhole(session, name))) hidden.add(name);
  }
  return hidden;
}

async function isReadWhole(session: MysqlSession, table: string): Promise<boolean> {
  try {
    await session.query(`SELECT * FROM ${quoteMysqlIdentifier(table)} LIMIT 0`);
    return true;
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'RIGHT_MISSING') return false;
    throw error;
  }
}

/** Why nothing is said of such a table, and what to do. */
export function hiddenText(database: string, table: string): string {
  const name = `${quoteMysqlIdentifier(database)}.${quoteMysqlIdentifier(table)}`;
  return `The user may not read all of its columns, so nothing can be said of it. Give it the whole table: GRANT SELECT ON ${name} TO …; (\`tidemark doctor\` says to whom).`;
}

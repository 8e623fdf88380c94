import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';

import type { MysqlSession } from './open-session.ts';

/**
 * Makes sure that all columns of a table are shown: the server leaves those out of its descriptions that the user may not
 * read, and a column that is left out looks as if it had been dropped. Asks for no row.
 *
 * @throws TidemarkError RIGHT_MISSING
 */
export async function requireReadable(session: MysqlSession, table: string): Promise<void> {
  const name = quoteMysqlIdentifier(table);
  try {
    await session.query(`SELECT * FROM ${name} LIMIT 0`);
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'RIGHT_MISSING') throw error;
    throw new TidemarkError('RIGHT_MISSING', {
      message: `${session.where}: the user may not read all columns of the table`,
      hint: `Give it the whole table: GRANT SELECT ON ${quoteMysqlIdentifier(session.database)}.${name} TO …; (\`tidemark doctor\` says to whom).`,
      table,
      driverCode: error.driverCode,
    });
  }
}

import { plural } from '@tidemark/command-line/render';
import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { isPassingTable, readClock, type MysqlSession } from '@tidemark/mysql';

import { findingsOf, type Finding } from './finding.ts';
import { checkServerVariables, currentUser, nameOf } from './server-variables.ts';
import { writeRights } from './write-rights.ts';

const find = findingsOf('source');

/** So many names are told; of the others the number. */
const NAMED = 5;

/**
 * What matters in the source: it is only read, also here.
 *
 * @param tables that are synced
 * @param all base tables of the source
 */
export async function checkSource(
  session: MysqlSession,
  tables: readonly string[],
  all: readonly string[],
): Promise<Finding[]> {
  return [
    find.ok('version', nameOf(session.facts)),
    ...(await checkServerVariables(session, find)),
    ...(await checkWallClock(session)),
    await checkReading(session, tables),
    await checkTransactions(session),
    await checkReadOnly(session),
    ...checkPassing(all),
  ];
}

async function checkWallClock(session: MysqlSession): Promise<Finding[]> {
  try {
    const { wall, utc } = await readClock(session);
    return [find.ok('wall-clock', `its wall clock shows ${wall.slice(0, 16)}, which is ${utc.slice(0, 16)} UTC`)];
  } catch (error) {
    return [find.thrown('wall-clock', error)];
  }
}

/** Asks for no row of each table: the server checks the right and reads nothing. */
async function checkReading(session: MysqlSession, tables: readonly string[]): Promise<Finding> {
  const refused: string[] = [];
  for (const table of tables) {
    try {
      await session.query(`SELECT * FROM ${quoteMysqlIdentifier(table)} LIMIT 0`);
    } catch (error) {
      if (!(error instanceof TidemarkError) || error.code !== 'RIGHT_MISSING') throw error;
      refused.push(table);
    }
  }
  if (refused.length === 0) return find.ok('rights', `${plural(tables.length, 'table')} can be read`);
  const database = quoteMysqlIdentifier(session.database);
  return find.error(
    'rights',
    `${plural(refused.length, 'table')} cannot be read: ${someOf(refused)}`,
    `GRANT SELECT ON ${database}.* TO ${await currentUser(session)};`,
  );
}

async function checkTransactions(session: MysqlSession): Promise<Finding> {
  try {
    // Not LIMIT 0: MySQL 5.6 would then not look at the right at all.
    await session.query('SELECT COUNT(*) AS open FROM information_schema.innodb_trx');
    return find.ok('open-transactions', 'open transactions can be seen, and cap the watermarks');
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'RIGHT_MISSING') throw error;
    return find.info(
      'open-transactions',
      'open transactions cannot be seen: rows that one holds back for longer than the lookback could be missed',
      `On a source with InnoDB tables: GRANT PROCESS ON *.* TO ${await currentUser(session)};`,
    );
  }
}

async function checkReadOnly(session: MysqlSession): Promise<Finding> {
  const rows = await session.query('SHOW GRANTS');
  const rights = writeRights(
    rows.flatMap((row) => Object.values(row).filter((value) => value !== null)),
    session.database,
  );
  if (rights.length === 0) return find.ok('read-only', 'the user may not write, as it should be');
  return find.warning(
    'read-only',
    `the user may write to the practice's database (${rights.join(', ')}); Tidemark never does`,
    `Give Tidemark a user of its own: CREATE USER … ; GRANT SELECT ON ${quoteMysqlIdentifier(session.database)}.* TO … ;`,
  );
}

function checkPassing(all: readonly string[]): Finding[] {
  const passing = all.filter((table) => isPassingTable(table));
  if (passing.length === 0) return [];
  return [
    find.info(
      'passing-tables',
      `${plural(passing.length, 'passing table')} of OpenDental: ${someOf(passing)}; while they exist no delete is inferred`,
      'If no upgrade or report is running, ask OpenDental support whether they are left over and may be dropped.',
    ),
  ];
}

export function someOf(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

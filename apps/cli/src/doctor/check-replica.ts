import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import type { MysqlSession, ServerFacts } from '@tidemark/mysql';

import { findingsOf, type Finding } from './finding.ts';
import { checkServerVariables, currentUser, nameOf } from './server-variables.ts';

const find = findingsOf('replica');

/** First versions with invisible columns, in which the copy sequence is kept. */
const LEAST_VERSION = { mariadb: 100_500, mysql: 80_023 } as const;

/** @param source facts of the source's server, where it could be reached */
export async function checkReplica(session: MysqlSession, source: ServerFacts | null): Promise<Finding[]> {
  return [
    checkVersion(session.facts),
    ...(await checkServerVariables(session, find)),
    ...checkPacket(session.facts, source),
    checkInfile(session.facts),
    await checkRights(session),
  ];
}

function checkVersion(facts: ServerFacts): Finding {
  const { flavor, versionNumber } = facts;
  const name = nameOf(facts);
  if (versionNumber >= LEAST_VERSION[flavor]) return find.ok('version', name);
  return find.error(
    'version',
    `${name} has no invisible columns, which the replica needs`,
    'Use MariaDB 10.5 or later, or MySQL 8.0.23 or later, for the replica.',
  );
}

function checkPacket(replica: ServerFacts, source: ServerFacts | null): Finding[] {
  if (source === null || replica.maxAllowedPacket >= source.maxAllowedPacket) return [];
  return [
    find.warning(
      'max-allowed-packet',
      'max_allowed_packet is smaller than in the source: a row that is larger could not be written',
      `SET GLOBAL max_allowed_packet = ${source.maxAllowedPacket}; and the same in its configuration file.`,
    ),
  ];
}

function checkInfile({ localInfile }: ServerFacts): Finding {
  if (localInfile) return find.ok('local-infile', 'rows are written by LOAD DATA LOCAL INFILE');
  return find.info(
    'local-infile',
    'local_infile is off: rows are written by INSERT, which is slower',
    'SET GLOBAL local_infile = 1; and the same in its configuration file.',
  );
}

const PROBE = '_tidemark_doctor';

/**
 * Each right that copying needs, with statements on an empty table of our own that need it. In this order, and so that
 * they work also where a user without DROP left the table behind.
 */
const STEPS = [
  { right: 'DROP', sql: `DROP TABLE IF EXISTS ${PROBE}` },
  { right: 'CREATE', sql: `CREATE TABLE IF NOT EXISTS ${PROBE} (id INT PRIMARY KEY, note INT) ENGINE = InnoDB` },
  { right: 'SELECT', sql: `SELECT id FROM ${PROBE}` },
  { right: 'INSERT', sql: `INSERT INTO ${PROBE} (id) SELECT 1 FROM DUAL WHERE FALSE` },
  { right: 'UPDATE', sql: `UPDATE ${PROBE} SET note = 1 WHERE FALSE` },
  { right: 'DELETE', sql: `DELETE FROM ${PROBE} WHERE FALSE` },
  { right: 'ALTER', sql: `ALTER TABLE ${PROBE} COMMENT = 'made by tidemark doctor'` },
  { right: 'INDEX', sql: `CREATE INDEX note_index ON ${PROBE} (note)` },
  { right: 'INDEX', sql: `DROP INDEX note_index ON ${PROBE}` },
  { right: 'DROP', sql: `DROP TABLE ${PROBE}` },
  { right: 'CREATE TEMPORARY TABLES', sql: `CREATE TEMPORARY TABLE ${PROBE} (id INT)` },
] as const;

/** Tries on an empty table of its own: grants can come from too many places to be read reliably. */
async function checkRights(session: MysqlSession): Promise<Finding> {
  const missing = new Set<string>();
  for (const { right, sql } of STEPS) {
    if (missing.has(right)) continue;
    try {
      await session.query(sql);
    } catch (error) {
      const code = error instanceof TidemarkError ? error.code : null;
      // Without CREATE there is no probe table, and nothing is known of the rights that were to be tried on it.
      if (code === 'SERVER_READ_ONLY') return find.thrown('rights', error);
      if (code !== 'RIGHT_MISSING') throw error;
      missing.add(right);
      if (right === 'CREATE') break;
    }
  }
  if (missing.size === 0) return find.ok('rights', 'tables can be created, written, changed and dropped');
  const all = [...new Set(STEPS.map(({ right }) => right))].join(', ');
  return find.error(
    'rights',
    `the user lacks ${[...missing].join(', ')}${missing.has('CREATE') ? ', and perhaps more' : ''}`,
    `GRANT ${all} ON ${quoteMysqlIdentifier(session.database)}.* TO ${await currentUser(session)};`,
  );
}

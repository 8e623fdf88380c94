import type { MysqlSession, ServerFacts } from '@tidemark/mysql';

import type { Finding, FindingMaker } from './finding.ts';

/** Below this a connection may be closed while the other side of a chunk is still at work. */
const LEAST_WAIT_SECONDS = 60;

/** Findings about settings of a MySQL or MariaDB server that matter on either side. */
export async function checkServerVariables(session: MysqlSession, find: FindingMaker): Promise<Finding[]> {
  const { facts } = session;
  const [row] = await session.query('SELECT @@global.wait_timeout AS wait_timeout');
  const wait = Number(row?.['wait_timeout'] ?? 0);
  const sqlMode = facts.globalSqlMode === '' ? 'empty' : facts.globalSqlMode;
  const megabytes = (facts.maxAllowedPacket / 1024 / 1024).toFixed(0);
  return [
    find.info(
      'settings',
      `sql_mode ${sqlMode}; time_zone ${facts.globalTimeZone}; max_allowed_packet ${megabytes} MB; ` +
        `wait_timeout ${wait} s; sessions of Tidemark set their own sql_mode and time_zone`,
    ),
    ...(wait < LEAST_WAIT_SECONDS
      ? [
          find.warning(
            'wait-timeout',
            `the server closes a connection that is idle for ${wait} s`,
            `SET GLOBAL wait_timeout = 600; and the same in its configuration file.`,
          ),
        ]
      : []),
  ];
}

/** `MariaDB 10.11.19`. */
export function nameOf({ flavor, versionText }: ServerFacts): string {
  const number = /^(?:5\.5\.5-)?([\d.]+)/.exec(versionText)?.[1] ?? versionText;
  return `${flavor === 'mariadb' ? 'MariaDB' : 'MySQL'} ${number}`;
}

/** The account as GRANT takes it. */
export async function currentUser(session: MysqlSession): Promise<string> {
  const [row] = await session.query('SELECT CURRENT_USER() AS name');
  const [user = '', host = '%'] = (row?.['name'] ?? '').split(/@(?=[^@]*$)/);
  return `'${user}'@'${host}'`;
}

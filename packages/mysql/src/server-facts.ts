import type { MysqlRow } from './open-session.ts';
import type { ServerFacts } from './types.ts';

interface CanQuery {
  query(sql: string): Promise<MysqlRow[]>;
}

/** Asks a server what it is and how it is set. One statement. */
export async function readServerFacts(session: CanQuery): Promise<ServerFacts> {
  const [row] = await session.query(`
    SELECT VERSION() AS version, @@global.sql_mode AS sql_mode, @@global.time_zone AS time_zone,
           @@global.local_infile AS local_infile, @@global.read_only AS read_only,
           @@global.max_allowed_packet AS max_allowed_packet`);
  const versionText = row?.['version'] ?? '';
  return {
    flavor: /mariadb/i.test(versionText) ? 'mariadb' : 'mysql',
    versionText,
    versionNumber: parseVersion(versionText),
    globalSqlMode: row?.['sql_mode'] ?? '',
    globalTimeZone: row?.['time_zone'] ?? 'SYSTEM',
    localInfile: row?.['local_infile'] === '1',
    // MariaDB 12 has words here, of which only OFF lets everybody write.
    readOnly: !['0', 'OFF'].includes(row?.['read_only'] ?? ''),
    maxAllowedPacket: Number(row?.['max_allowed_packet'] ?? 0),
  };
}

/** `10.11.19-MariaDB` → 101119. MariaDB before 11 may put `5.5.5-` in front for old replicas. */
export function parseVersion(text: string): number {
  const match = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (!match) return 0;
  return Number(match[1]) * 10_000 + Number(match[2]) * 100 + Number(match[3]);
}

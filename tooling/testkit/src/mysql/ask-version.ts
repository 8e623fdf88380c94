import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { ServerAddress } from '../server.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** The server's version, once it answers. */
export async function askMysqlVersion(address: ServerAddress): Promise<string> {
  const { host, port, user, password } = address;
  const connection = await createConnection({ host, port, user, password, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    const [rows] = await connection.query<({ version: string } & RowDataPacket)[]>('SELECT VERSION() AS version');
    const version = rows[0]?.version ?? 'of unknown version';
    return version.includes('MariaDB') ? `MariaDB ${version}` : `MySQL ${version}`;
  } finally {
    await connection.end();
  }
}

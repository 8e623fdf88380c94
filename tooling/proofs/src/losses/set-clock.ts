import { serverImage, startMysql, type MysqlServer, type RunningMysqlServer } from '@tidemark/testkit';
import { createConnection } from 'mysql2/promise';

/** A source in Chicago whose clock stands where a test puts it. */
export interface SettableSource extends AsyncDisposable {
  /** The server, as a user whose sessions have the clock that was set: one without administrator rights. */
  readonly server: MysqlServer;
  /** Puts the clock of every session that begins from now on to a time in UTC, `2026-11-01 06:50:00[.ffffff]`. */
  setClock(utc: string): Promise<void>;
}

const READER = { user: 'clinic', password: 'clinic' } as const;

/** What `init_connect` sets, every ordinary session gets: NOW() and UTC_TIMESTAMP() stand still at one moment. */
export async function startSettableSource(): Promise<SettableSource> {
  const server = await startMysql({
    name: 'source with a clock to set',
    image: serverImage('source'),
    timezone: 'America/Chicago',
    sqlMode: '',
  });
  await administer(server, [
    `CREATE USER '${READER.user}'@'%' IDENTIFIED BY '${READER.password}'`,
    `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP ON *.* TO '${READER.user}'@'%'`,
  ]);
  const { host, port } = server;
  return {
    server: { kind: 'mysql', host, port, ...READER },
    setClock: (utc) =>
      administer(server, [
        `SET GLOBAL init_connect = 'SET timestamp = ${Date.parse(`${utc.replace(' ', 'T')}Z`) / 1000}'`,
      ]),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

async function administer(server: RunningMysqlServer, statements: readonly string[]): Promise<void> {
  const { host, port, user, password } = server;
  const connection = await createConnection({ host, port, user, password });
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

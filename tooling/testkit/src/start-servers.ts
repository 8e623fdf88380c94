import { startMysql } from './mysql/start-mysql.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import type { RunningMysqlServer, RunningPostgresServer } from './server.ts';
import { serverImage } from './server-images.ts';
import { SERVER_VARIABLES } from './server-variables.ts';

/** The three servers of a pipeline, each in a time zone of its own so that a mix-up shows. */
export interface Servers {
  /** Like an OpenDental server: local time of a practice, `sql_mode` empty, utf8mb3. */
  readonly source: RunningMysqlServer;
  readonly replica: RunningMysqlServer;
  readonly warehouse: RunningPostgresServer;
  /** One line per server: what it is and why. */
  readonly chosen: readonly string[];
  stop(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  const starting = [
    startMysql({
      name: 'source',
      image: serverImage('source'),
      timezone: 'America/Chicago',
      sqlMode: '',
      characterSet: 'utf8mb3',
      urlVariable: SERVER_VARIABLES.source,
    }),
    startMysql({ name: 'replica', image: serverImage('replica'), urlVariable: SERVER_VARIABLES.replica }),
    startPostgres({ name: 'warehouse', timezone: 'Asia/Kolkata', urlVariable: SERVER_VARIABLES.warehouse }),
  ] as const;
  const outcomes = await Promise.allSettled(starting);
  const stop = async (): Promise<void> => {
    const running = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    await Promise.all(running.map(({ value }) => value.stop()));
  };
  try {
    const [source, replica, warehouse] = await Promise.all(starting);
    return { source, replica, warehouse, chosen: [source.chosen, replica.chosen, warehouse.chosen], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

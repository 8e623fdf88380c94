import { parseArgs } from 'node:util';
import { createConnection, type Connection } from 'mysql2/promise';
import { buildClinic } from './build/build-clinic.ts';
import { dayAtTheClinic } from './day/day-at-the-clinic.ts';

const USAGE = `Fills a database of your own with an invented dental practice, or plays a day's work on it.

  node src/main.ts build --url mysql://user@host:3306/database [--patients 2000] [--seed 1] [--rows N]
                         [--now '2025-03-31 18:00:00'] [--engine MyISAM|InnoDB] [--canary]
  node src/main.ts day   --url mysql://user@host:3306/database [--day 1] [--seed 1] [--now '2025-04-01 18:00:00']
`;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    patients: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    day: { type: 'string', default: '1' },
    rows: { type: 'string' },
    now: { type: 'string' },
    engine: { type: 'string', default: 'MyISAM' },
    canary: { type: 'boolean', default: false },
  },
});

const now = flags.now === undefined ? {} : { now: flags.now };
const [command] = positionals;
const work = command === 'build' ? build : command === 'day' ? playDay : undefined;
if (work === undefined || flags.url === undefined || !['MyISAM', 'InnoDB'].includes(flags.engine)) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const connection = await createConnection(flags.url);
  try {
    await work(connection);
  } finally {
    await connection.end();
  }
}

async function build(connection: Connection): Promise<void> {
  const counts = await buildClinic(connection, {
    seed: Number(flags.seed),
    patients: Number(flags.patients),
    engine: flags.engine === 'InnoDB' ? 'InnoDB' : 'MyISAM',
    canary: flags.canary,
    ...(flags.rows === undefined ? {} : { rowsTarget: Number(flags.rows) }),
    ...now,
  });
  const total = Object.values(counts).reduce((sum, rows) => sum + rows, 0);
  console.table(Object.fromEntries([...Object.entries(counts), ['in all', total]]));
}

async function playDay(connection: Connection): Promise<void> {
  console.table(await dayAtTheClinic(connection, { seed: Number(flags.seed), day: Number(flags.day), ...now }));
}

/**
 * Starts one server, prints its port, and then does what the second argument says: `wait`, `return` without
 * stopping it, or `throw`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startMysql } from '../src/mysql/start-mysql.ts';
import { startPostgres } from '../src/postgres/start-postgres.ts';

/** Longer than any test waits. */
const FOREVER_MS = 600_000;

const [kind, ending] = process.argv.slice(2);
const server = kind === 'mysql' ? await startMysql() : await startPostgres();
process.stdout.write(`${server.port}\n`);
if (ending === 'throw') throw new Error('thrown on purpose');
if (ending === 'wait') await sleep(FOREVER_MS);

import { RUNGS, type Rung, type RunningServer, type ServerAddress, type StartedServer } from '../server.ts';
import { RungUnavailable } from './rung-unavailable.ts';

const FORCING_VARIABLE = 'TIDEMARK_SERVERS';

/** Longest reason in the one line per server, in characters; the whole text is shown when no rung works. */
const REASON_LENGTH = 160;

/** No rung of the ladder gave a server; the message says why for each. */
export class NoServer extends AggregateError {
  override readonly name = 'NoServer';
}

/** One way to get a server. Throws `RungUnavailable`, or whatever went wrong, when it cannot. */
export interface RungAttempt {
  readonly rung: Rung;
  readonly start: () => Promise<StartedServer>;
}

/**
 * Tries the rungs in order and takes the first server that answers. One line on stderr says which one it was and why
 * the earlier ones were not. A URL in the environment names the very server that is wanted, so it wins even when
 * TIDEMARK_SERVERS names another rung.
 */
export async function climb(name: string, attempts: readonly RungAttempt[]): Promise<ServerAddress & RunningServer> {
  const forced = forcedRung();
  const passed: string[] = [];
  const failures: unknown[] = [];
  for (const { rung, start } of attempts) {
    if (forced && rung !== forced && rung !== 'url') continue;
    try {
      const server = await start();
      const chosen = `${name}: ${rung}, ${server.description}${passed.length > 0 ? ` (not ${passed.join('; not ')})` : ''}`;
      process.stderr.write(`${chosen}\n`);
      return running(server, rung, chosen);
    } catch (error) {
      failures.push(error);
      passed.push(`${rung}: ${reasonOf(error)}`);
    }
  }
  const wanted = forced ? ` (${FORCING_VARIABLE}=${forced})` : '';
  throw new NoServer(failures, `No server for ${name}${wanted}.\n${failures.map(wholeReason).join('\n')}`);
}

function running(server: StartedServer, rung: Rung, chosen: string): ServerAddress & RunningServer {
  return {
    ...server.address,
    rung,
    chosen,
    stop: () => server.stop(),
    kill: () => server.kill(),
    restart: () => server.restart(),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

function forcedRung(): Rung | undefined {
  const wanted = process.env[FORCING_VARIABLE];
  if (!wanted) return undefined;
  const rung = RUNGS.find((candidate) => candidate === wanted);
  if (!rung) throw new Error(`${FORCING_VARIABLE} is none of ${RUNGS.join(', ')}.`);
  return rung;
}

function wholeReason(error: unknown): string {
  if (error instanceof RungUnavailable) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function reasonOf(error: unknown): string {
  const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return firstLine.length > REASON_LENGTH ? `${firstLine.slice(0, REASON_LENGTH)}…` : firstLine;
}

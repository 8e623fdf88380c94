import type { RunningMysqlServer } from '../server.ts';
import type { MysqlOptions } from './mysql-options.ts';
import { startMysql } from './start-mysql.ts';

/**
 * A server of a product that not every machine can get (MySQL itself, an old version): null, and a line on stderr that
 * says so, where no rung has it. Tests of it are skipped then, by name.
 */
export async function startMysqlIfAny(options: MysqlOptions): Promise<RunningMysqlServer | null> {
  try {
    return await startMysql(options);
  } catch (error) {
    // The ladder's own way to say that no rung has such a server; anything else is a failure.
    if (!(error instanceof AggregateError)) throw error;
    const [firstLine = ''] = error.message.split('\n');
    const reasons = error.errors.map((reason: unknown) => firstLineOf(reason));
    process.stderr.write(`${firstLine} Its tests are skipped: ${reasons.join('; ')}.\n`);
    return null;
  }
}

function firstLineOf(reason: unknown): string {
  const [line = ''] = (reason instanceof Error ? reason.message : String(reason)).split('\n');
  return line;
}

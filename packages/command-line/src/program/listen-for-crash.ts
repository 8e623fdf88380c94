import { tellFailure } from './tell-failure.ts';

/**
 * Takes what nobody caught in place of Node, which would print the error with all its properties: the statement, its
 * parameters, the server's words (promise P8). The process ends at once; the servers undo what was not committed.
 */
export function listenForCrash(argv: readonly string[]): void {
  const end = (error: unknown): never => process.exit(tellFailure(error, argv));
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

import type { Logger } from 'typeorm';

/**
 * TypeORM's loggers print statements, parameters and driver messages, `logging: false` or not (a failed migration is
 * always printed). They may quote rows (P8), and stdout belongs to the result. What fails is thrown, not printed.
 */
export const silentLogger: Logger = {
  logQuery() {},
  logQueryError() {},
  logQuerySlow() {},
  logSchemaBuild() {},
  logMigration() {},
  log() {},
};

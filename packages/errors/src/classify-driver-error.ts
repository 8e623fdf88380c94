import { BY_CODE, BY_CODE_AND_MESSAGE, BY_ERRNO, BY_MESSAGE, BY_SQLSTATE } from './driver-codes.ts';
import { driverCodeOf } from './driver-code-of.ts';
import { MEANINGS, type MeaningName } from './meanings.ts';
import { nameOfError } from './name-of-error.ts';
import { refusedColumn } from './refused-column.ts';
import { TidemarkError } from './tidemark-error.ts';

interface DriverFields {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
}

function meaningOf(fields: DriverFields): MeaningName | undefined {
  const code = typeof fields.code === 'string' ? fields.code : '';
  const errno = typeof fields.errno === 'number' ? fields.errno : 0;
  const message = typeof fields.message === 'string' ? fields.message : '';
  if (code === 'ETIMEDOUT' && fields.syscall === 'connect') return 'unreachable';
  const byBoth = BY_CODE_AND_MESSAGE[code]?.find(({ says }) => says.test(message));
  if (byBoth) return byBoth.means;
  const byCode = BY_CODE[code] ?? BY_ERRNO[errno] ?? BY_SQLSTATE[code] ?? BY_SQLSTATE[code.slice(0, 2)];
  return byCode ?? BY_MESSAGE.find(({ says }) => says.test(message))?.means;
}

/**
 * Turns whatever a driver threw into a TidemarkError, once, at the edge.
 *
 * The driver's message is dropped: `Duplicate entry '…'`, `Key (…)=(…)` and `invalid input syntax … "…"` quote row
 * values (promise P8). Code, errno and SQLSTATE are kept, and the name of the column whose value was refused.
 *
 * @param where which of the three databases, for the message: 'source', 'replica', 'warehouse'
 */
export function classifyDriverError(error: unknown, where: string, table?: string): TidemarkError {
  if (error instanceof TidemarkError) return table === undefined || error.table ? error : error.forTable(table);
  const fields: DriverFields = typeof error === 'object' && error !== null ? error : {};
  const driverCode = driverCodeOf(error);
  const name = meaningOf(fields);
  if (name) {
    const { code, message, hint } = MEANINGS[name];
    const column = name === 'value' ? refusedColumn(error) : undefined;
    const ofColumn = column === undefined ? '' : ` (column ${column})`;
    return new TidemarkError(code, { message: `${where}: ${message}${ofColumn}`, hint, table, driverCode });
  }
  if (driverCode !== '') {
    return new TidemarkError('DATABASE_ERROR', {
      message: `${where}: the database answered with error ${driverCode}`,
      hint: 'Look the number up in the manual of the server; its log has the statement.',
      table,
      driverCode,
    });
  }
  return new TidemarkError('INTERNAL', {
    message: `${where}: unexpected ${nameOfError(error)}`,
    hint: 'This is a defect: report it with the command and --log-level debug output.',
    table,
  });
}

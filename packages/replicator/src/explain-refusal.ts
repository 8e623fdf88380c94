import { TidemarkError } from '@tidemark/errors';
import { describeTables, type MysqlSession, type TableDescription } from '@tidemark/mysql';

/**
 * A value that the replica refused may be one that the source's column took only since it was described. Then another
 * run, which describes it anew, reads it: TABLE_CHANGED_DURING_RUN in place of VALUE_REFUSED, which nobody could mend.
 *
 * @returns the error to tell: the one that was given wherever the source could not be asked again
 */
export async function explainRefusal(
  error: TidemarkError,
  { columns, created, name }: TableDescription,
  openSource: () => Promise<MysqlSession>,
): Promise<TidemarkError> {
  if (error.code !== 'VALUE_REFUSED') return error;
  try {
    // The session that read may have been left in the middle of its rows.
    const source = await openSource();
    try {
      const now = (await describeTables(source, [name])).find((table) => table.name === name);
      if (now && JSON.stringify([now.columns, now.created]) === JSON.stringify([columns, created])) return error;
    } finally {
      await source.close();
    }
  } catch (failure) {
    if (failure instanceof TidemarkError) return error;
    throw failure;
  }
  return new TidemarkError('TABLE_CHANGED_DURING_RUN', {
    message: 'the source table was altered while it was read, and a value does not fit into the column as it was',
    hint: 'Run again: it is read in its new form.',
    table: name,
    ...(error.driverCode === undefined ? {} : { driverCode: error.driverCode }),
  });
}

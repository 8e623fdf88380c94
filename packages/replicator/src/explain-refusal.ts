import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { columnForm, describeTables, type MysqlSession, type TableDescription } from '@tidemark/mysql';

/**
 * A value that the replica refused may be one that the source's column took only since it was described. Then another
 * run, which describes it anew, reads it: TABLE_CHANGED_DURING_RUN in place of VALUE_REFUSED, which nobody could mend.
 *
 * Where it did not change, and the server speaks of a wrong text, it is one that is not valid UTF-8.
 *
 * @returns the error to tell: the one that was given wherever the source could not be asked again
 */
export async function explainRefusal(
  error: TidemarkError,
  table: TableDescription,
  openSource: () => Promise<MysqlSession>,
): Promise<TidemarkError> {
  if (error.code !== 'VALUE_REFUSED') return error;
  const { columns, created, name } = table;
  try {
    // The session that read may have been left in the middle of its rows.
    const source = await openSource();
    try {
      const now = (await describeTables(source, [name])).find((found) => found.name === name);
      if (now && JSON.stringify([now.columns, now.created]) === JSON.stringify([columns, created])) {
        return explainText(error, table);
      }
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

/** The first is said of other values too, but not between columns of one type. */
const WRONG_TEXT = /^ER_(TRUNCATED_WRONG_VALUE_FOR_FIELD|INVALID_CHARACTER_STRING)\b/;

/** A server converts the texts of other charsets as it sends them; those of utf8mb4 it sends as they are. */
function explainText(error: TidemarkError, { columns, key, name }: TableDescription): TidemarkError {
  const texts = columns.filter((column) => columnForm(column) === 'text' && column.charset === 'utf8mb4');
  if (!WRONG_TEXT.test(error.driverCode ?? '') || texts.length === 0) return error;
  const isWrong = texts.map((column) => {
    const text = quoteMysqlIdentifier(column.name);
    return `HEX(${text}) <> HEX(CONVERT(CONVERT(${text} USING utf16) USING utf8mb4))`;
  });
  const keys = key.length > 0 ? key.map(quoteMysqlIdentifier).join(', ') : '*';
  return new TidemarkError('VALUE_REFUSED', {
    message: 'replica: the server refused a text that is not valid UTF-8',
    hint: `Find the rows in the source with \`SELECT ${keys} FROM ${quoteMysqlIdentifier(name)} WHERE ${isWrong.join(' OR ')}\` and have them corrected, or leave the table out with --exclude.`,
    table: name,
    ...(error.driverCode === undefined ? {} : { driverCode: error.driverCode }),
  });
}

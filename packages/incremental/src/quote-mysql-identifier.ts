/**
 * Quotes a table or column name for MySQL and MariaDB.
 *
 * @throws RangeError for an empty name or one with a NUL character, which no server allows.
 */
export function quoteMysqlIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) {
    throw new RangeError('A name of a table or column is empty or holds a NUL character.');
  }
  return `\`${name.replaceAll('`', '``')}\``;
}

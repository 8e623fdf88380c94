/** A table or column name as MySQL and MariaDB want it, safe for any character. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

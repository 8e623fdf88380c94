import { escapeIdentifier } from 'pg';

/** NAMEDATALEN - 1 of a server as it is distributed: longer names are cut by PostgreSQL without an error. */
const LONGEST_NAME_BYTES = 63;

/** The name as PostgreSQL keeps it: cut to 63 bytes, never within a character. */
export function postgresName(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= LONGEST_NAME_BYTES) return name;
  let end = LONGEST_NAME_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** A name in double quotes, so that case, spaces and SQL words do not matter. */
export function quoteName(name: string): string {
  return escapeIdentifier(name);
}

/** Schema and table, quoted. */
export function qualifiedName(schema: string, table: string): string {
  return `${quoteName(schema)}.${quoteName(table)}`;
}

/** Rights that let a user change data or tables. */
const WRITING = new Set([
  'ALL',
  'ALL PRIVILEGES',
  'INSERT',
  'UPDATE',
  'DELETE',
  'DELETE HISTORY',
  'CREATE',
  'DROP',
  'ALTER',
  'INDEX',
  'TRIGGER',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'CREATE VIEW',
  'EVENT',
  'SUPER',
]);

const GRANT = /^GRANT (?<rights>.+?) ON (?:TABLE )?(?<object>\*\.\*|`(?:[^`]|``)*`\.(?:\*|`(?:[^`]|``)*`)) TO /s;

/**
 * The rights to write that SHOW GRANTS tells of for a database.
 *
 * @param grants the lines of SHOW GRANTS, of roles too
 */
export function writeRights(grants: readonly string[], database: string): string[] {
  const found = grants.flatMap((line) => {
    const { rights = '', object = '' } = GRANT.exec(line)?.groups ?? {};
    return covers(object, database) ? splitRights(rights).filter((right) => WRITING.has(right)) : [];
  });
  return [...new Set(found)];
}

/** `SELECT (a, b), INSERT` → `SELECT`, `INSERT`. */
function splitRights(rights: string): string[] {
  return rights
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((right) => right.trim().toUpperCase());
}

/** A database name in a grant is a pattern with `_`, `%` and `\` when the grant is for the whole database. */
function covers(object: string, database: string): boolean {
  if (object === '*.*') return true;
  const named = /^`((?:[^`]|``)*)`\.(.*)$/s.exec(object);
  if (!named) return false;
  const name = (named[1] ?? '').replaceAll('``', '`');
  if (named[2] !== '*') return name === database;
  const pattern = name.replaceAll(/\\[_%]|[_%]|[.*+?^${}()|[\]\\]/g, (part) => {
    if (part === '_') return '.';
    if (part === '%') return '.*';
    return part.length === 2 ? part.slice(1) : `\\${part}`;
  });
  return new RegExp(`^${pattern}$`, 's').test(database);
}

import type { Readable } from 'node:stream';

import type { ResultSetHeader } from 'mysql2';

import { columnForm } from '../src/column-form.ts';
import type { MysqlSession } from '../src/open-session.ts';
import type { ColumnDescription } from '../src/types.ts';

/** Writes a stream of `load_data` text into a table. Gives the number of warnings. */
export function loadEncoded(
  session: MysqlSession,
  table: string,
  columns: readonly ColumnDescription[],
  stream: Readable,
): Promise<number> {
  const fields: string[] = [];
  const assignments: string[] = [];
  for (const column of columns) {
    const form = columnForm(column);
    const name = `\`${column.name}\``;
    if (form === 'binary' || form === 'geometry') assignments.push(`${name} = UNHEX(@${name})`);
    if (form === 'bit') assignments.push(`${name} = CAST(@${name} AS UNSIGNED)`);
    fields.push(form === 'binary' || form === 'geometry' || form === 'bit' ? `@${name}` : name);
  }
  const sql = `LOAD DATA LOCAL INFILE 'rows' REPLACE INTO TABLE ${table} CHARACTER SET utf8mb4 (${fields.join(', ')})
    ${assignments.length > 0 ? `SET ${assignments.join(', ')}` : ''}`;
  return new Promise((resolve, reject) => {
    session.connection.query<ResultSetHeader>({ sql, infileStreamFactory: () => stream }, (error, header) => {
      if (error) reject(error);
      else resolve(header.warningStatus);
    });
  });
}

/** Writes a stream of `insert` text into a table, a statement per piece. Gives the number of warnings. */
export async function insertEncoded(
  session: MysqlSession,
  table: string,
  columns: readonly ColumnDescription[],
  stream: Readable,
): Promise<number> {
  let warnings = 0;
  const names = columns.map((column) => `\`${column.name}\``).join(', ');
  for await (const piece of stream as AsyncIterable<Buffer>) {
    await session.execute(`INSERT INTO ${table} (${names}) VALUES ${piece.toString('utf8').slice(0, -1)}`);
    const [row] = await session.query('SELECT @@warning_count AS n');
    warnings += Number(row?.['n']);
  }
  return warnings;
}

import { createMysqlDatabase, type MysqlServer } from '@tidemark/testkit';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { CLINIC_TABLES, clinicTable } from '../src/schema/clinic-tables.ts';

/** An empty database of one test and a plain connection to it, set up in no way the practice would have to rely on. */
export async function emptyDatabase(server: MysqlServer): Promise<{ connection: Connection } & AsyncDisposable> {
  const database = await createMysqlDatabase(server, 'clinic');
  const connection = await createConnection(database.endpoint);
  return {
    connection,
    [Symbol.asyncDispose]: async () => {
      await connection.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** The server's own checksum of every table. */
export async function checksums(connection: Connection): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const { name } of CLINIC_TABLES) {
    const [rows] = await connection.query<RowDataPacket[]>('CHECKSUM TABLE ??', [name]);
    sums[name] = String(rows[0]?.['Checksum']);
  }
  return sums;
}

/** A row told by what it holds and by its stamp, where the server keeps one. */
export interface RowPrint {
  readonly digest: string;
  readonly stamp: string | null;
}

/** All rows of a table by key. */
export async function rowPrints(connection: Connection, name: string): Promise<Map<string, RowPrint>> {
  const { key, stamp, columns } = clinicTable(name);
  const content = columns.map((column) => `IFNULL(CONCAT('=', \`${column.name}\`), '~')`).join(", '|', ");
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT CAST(\`${key}\` AS CHAR) AS id, SHA2(CONCAT(${content}), 256) AS digest,
            ${stamp === undefined ? 'NULL' : `CAST(\`${stamp}\` AS CHAR)`} AS stamp FROM \`${name}\``,
  );
  return new Map(
    rows.map((row) => [
      String(row['id']),
      { digest: String(row['digest']), stamp: row['stamp'] === null ? null : String(row['stamp']) },
    ]),
  );
}

/** The one number that a statement answers. */
export async function countOf(connection: Connection, sql: string, parameters: unknown[] = []): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>({ sql, rowsAsArray: true }, parameters);
  const [first] = rows;
  return Number(Array.isArray(first) ? first[0] : undefined);
}

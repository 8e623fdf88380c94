import type { Connection, RowDataPacket } from 'mysql2/promise';
import { CLINIC_TABLES } from './clinic-tables.ts';
import { tableDdl } from './table-ddl.ts';

/** How {@link createTables} stores the practice. */
export interface CreateTablesOptions {
  /** OpenDental's own choice is MyISAM, which is also the default here. */
  readonly engine?: 'MyISAM' | 'InnoDB';
  /** Adds the `preference` table, which is not one of the 68, holding this as `DataBaseVersion`. */
  readonly dataBaseVersion?: string;
}

/** Collations in the practice whose tables were counted: three of four are the newer MariaDB default. */
const UCA1400 = 'utf8mb3_uca1400_ai_ci';

/**
 * Creates the 68 tables in the connection's database, on MariaDB 10.5 or MySQL 5.6 and later.
 *
 * Leaves the session with `sql_mode=''`, as OpenDental does: its zero-date defaults are illegal otherwise.
 */
export async function createTables(connection: Connection, options: CreateTablesOptions = {}): Promise<void> {
  await connection.query(`SET SESSION sql_mode = ''`);
  const { charset, general, uca1400 } = await readThreeByteCharset(connection);
  const engine = options.engine ?? 'MyISAM';
  for (const [index, table] of CLINIC_TABLES.entries()) {
    const collation = uca1400 && index % 4 !== 0 ? UCA1400 : general;
    await connection.query(tableDdl(table, { engine, charset, collation }));
  }
  if (options.dataBaseVersion !== undefined) {
    await connection.query(
      `CREATE TABLE \`preference\` (
        \`PrefNum\` bigint(20) NOT NULL AUTO_INCREMENT,
        \`PrefName\` varchar(255) DEFAULT '',
        \`ValueString\` text NOT NULL,
        \`Comments\` text DEFAULT NULL,
        PRIMARY KEY (\`PrefNum\`)
      ) ENGINE=${engine} DEFAULT CHARSET=${charset} COLLATE=${general}`,
    );
    await connection.query('INSERT INTO `preference` (`PrefName`, `ValueString`) VALUES (?, ?)', [
      'DataBaseVersion',
      options.dataBaseVersion,
    ]);
  }
}

/** Servers disagree on what the three-byte character set and its collations are called. */
async function readThreeByteCharset(
  connection: Connection,
): Promise<{ charset: string; general: string; uca1400: boolean }> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS
      WHERE COLLATION_NAME IN ('utf8_general_ci', 'utf8mb3_general_ci', 'uca1400_ai_ci')`,
  );
  const names = new Set(rows.map((row) => String(row['name'])));
  const charset = names.has('utf8mb3_general_ci') ? 'utf8mb3' : 'utf8';
  return { charset, general: `${charset}_general_ci`, uca1400: names.has('uca1400_ai_ci') };
}

import type { LoadRoom } from './load-room.ts';

/** `PatNum, LName, Bal, DateTStamp` and the sequence column, with three rows of copy sequence 1, recorded as copied. */
export async function createPatients(room: LoadRoom, table: string): Promise<void> {
  await room.replica.exec(`
    CREATE TABLE \`${table}\` (
      PatNum BIGINT NOT NULL PRIMARY KEY, LName VARCHAR(100) NOT NULL, Bal DOUBLE NOT NULL,
      DateTStamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
      _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq)) DEFAULT CHARSET utf8mb4;
    INSERT INTO \`${table}\` (PatNum, LName, Bal, DateTStamp, _tidemark_seq) VALUES
      (1, 'Abel', 0, '2024-01-01 00:00:00', 1), (2, 'Béa', 1.5, '2024-01-02 00:00:00', 1),
      (3, 'Cy', -2, '2024-01-03 00:00:00', 1)`);
  await room.copied(table, { sequence: 1, rows: 3, watermarks: { DateTStamp: '2024-01-03 00:00:00' } });
}

/** Name by key of a raw table of patients, with what tells whether a row was written again. */
export async function namesInRaw(room: LoadRoom, table: string): Promise<Record<string, string>> {
  const rows = await room.warehouse.query<{ key: string; name: string }>(
    `SELECT "PatNum"::text AS key, "LName" AS name FROM raw."${table}" ORDER BY "PatNum"`,
  );
  return Object.fromEntries(rows.map(({ key, name }) => [key, name]));
}

/** `xmin` by key: it moves when a row is written. */
export async function versionsInRaw(room: LoadRoom, table: string): Promise<Record<string, string>> {
  const rows = await room.warehouse.query<{ key: string; version: string }>(
    `SELECT "PatNum"::text AS key, xmin::text || ' ' || xmax::text AS version FROM raw."${table}"`,
  );
  return Object.fromEntries(rows.map(({ key, version }) => [key, version]));
}

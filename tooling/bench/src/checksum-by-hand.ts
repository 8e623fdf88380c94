import { createConnection, type Connection } from 'mysql2/promise';

import type { Room } from './room.ts';

/** One unbounded statement over a whole table, as many write it by hand: on the source, and on source and replica at once. */
export interface ChecksumByHand extends AsyncDisposable {
  onSource(): Promise<unknown>;
  onBoth(): Promise<unknown>;
}

export async function checksumByHand(room: Room, table: string): Promise<ChecksumByHand> {
  const [source, replica] = await Promise.all([createConnection(room.source), createConnection(room.replica)]);
  const [columns] = await source.query<{ COLUMN_NAME: string }[] & []>(
    `SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?`,
    [table],
  );
  const list = columns.map((column) => column.COLUMN_NAME).join(', ');
  const ask = (connection: Connection): Promise<unknown> =>
    connection.query(`SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS('#', ${list}))) FROM ${table}`);
  return {
    onSource: () => ask(source),
    onBoth: () => Promise.all([ask(source), ask(replica)]),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([source.end(), replica.end()]);
    },
  };
}

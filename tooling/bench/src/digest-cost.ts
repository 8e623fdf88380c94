import { createConnection } from 'mysql2/promise';

import { copy } from './hops.ts';
import { describeSeconds, medianRatio, secondsOf } from './measure.ts';
import { openRoom } from './room.ts';
import { createWideTable } from './wide-table.ts';

const TABLE = 'wide';

/**
 * A whole digest pass (source and replica, in bounded ranges) of an unchanged table, beside one unbounded statement
 * that computes BIT_XOR(CRC32(CONCAT_WS(...))) over the source table alone.
 */
export async function benchDigest(rows: number, rounds: number): Promise<void> {
  await using room = await openRoom();
  await createWideTable(room.source, TABLE, rows);
  await copy(room, TABLE);
  const connection = await createConnection(room.source);
  const [columns] = await connection.query<{ COLUMN_NAME: string }[] & []>(
    `SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${TABLE}'`,
  );
  const list = columns.map((column) => column.COLUMN_NAME).join(', ');
  const ours: number[] = [];
  const byHand: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await secondsOf(() => copy(room, TABLE, 0)));
    byHand.push(
      await secondsOf(() => connection.query(`SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS('#', ${list}))) FROM ${TABLE}`)),
    );
  }
  await connection.end();
  console.log(`digest of ${rows} unchanged rows × 20 columns, ${rounds} rounds, median (min–max):`);
  console.log(`  incremental run and digest pass of both servers  ${describeSeconds(ours)}`);
  console.log(
    `  one statement by hand on the source              ${describeSeconds(byHand)}   ratio ${medianRatio(ours, byHand)}`,
  );
}

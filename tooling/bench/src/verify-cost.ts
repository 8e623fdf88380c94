import { verifyTable, type Verification } from '@tidemark/verifier';
import { createConnection } from 'mysql2/promise';

import { copy, load, PLAN } from './hops.ts';
import { describeSeconds, medianRatio, secondsOf } from './measure.ts';
import { openRoom, type Room } from './room.ts';
import { createWideTable } from './wide-table.ts';

const TABLE = 'wide';

/**
 * Verifying an unchanged table in all three databases, beside one unbounded statement that computes
 * BIT_XOR(CRC32(CONCAT_WS(...))) over the source table alone.
 */
export async function benchVerify(rows: number, rounds: number): Promise<void> {
  await using room = await openRoom();
  await createWideTable(room.source, TABLE, rows);
  await copy(room, TABLE);
  await load(room, TABLE);
  const connection = await createConnection(room.source);
  const [columns] = await connection.query<{ COLUMN_NAME: string }[] & []>(
    `SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${TABLE}'`,
  );
  const list = columns.map((column) => column.COLUMN_NAME).join(', ');
  const ours: number[] = [];
  const byHand: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    byHand.push(
      await secondsOf(() => connection.query(`SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS('#', ${list}))) FROM ${TABLE}`)),
    );
    ours.push(
      await secondsOf(async () => {
        const { verdict } = await verify(room);
        if (verdict !== 'match') throw new Error(`The verdict is ${verdict}.`);
      }),
    );
  }
  await connection.end();
  console.log(`verify of ${rows} unchanged rows × 20 columns, ${rounds} rounds, median (min–max):`);
  console.log(`  all three databases                  ${describeSeconds(ours)}`);
  console.log(`  one statement by hand on the source  ${describeSeconds(byHand)}   ratio ${medianRatio(ours, byHand)}`);
}

async function verify({ source, replica, copyTracking, loadTracking }: Room): Promise<Verification> {
  const { verification } = await verifyTable(
    { source, replica, copyTracking, loadTracking },
    {
      table: TABLE,
      scope: { kind: 'full' },
      settings: { plan: PLAN, primaryKey: null, deletes: 'remove', timeColumnZone: null },
    },
  );
  return verification;
}

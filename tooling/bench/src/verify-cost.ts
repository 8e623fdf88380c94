import { describeTables, digestRange, openMysqlSession, WHOLE_TABLE } from '@tidemark/mysql';
import { verifyTable, type Verification } from '@tidemark/verifier';

import { checksumByHand } from './checksum-by-hand.ts';
import { copy, load, PLAN } from './hops.ts';
import { describeSeconds, medianRatio, secondsOf } from './measure.ts';
import { openRoom, type Room } from './room.ts';
import { createWideTable } from './wide-table.ts';

const TABLE = 'wide';

/**
 * Verifying an unchanged table in all three databases, beside a run with a digest pass of source and replica, the digest
 * of the source alone, and one unbounded statement by hand, BIT_XOR(CRC32(CONCAT_WS(...))) over the source table.
 */
export async function benchVerify(rows: number, rounds: number): Promise<void> {
  await using room = await openRoom();
  await createWideTable(room.source, TABLE, rows);
  await copy(room, TABLE);
  await load(room, TABLE);
  await using byHand = await checksumByHand(room, TABLE);
  await using digest = await digestOfSource(room);
  const ours: number[] = [];
  const alone: number[] = [];
  const pass: number[] = [];
  const hand: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    hand.push(await secondsOf(() => byHand.onSource()));
    alone.push(await secondsOf(() => digest.once()));
    pass.push(await secondsOf(() => copy(room, TABLE, 0)));
    ours.push(
      await secondsOf(async () => {
        const { verdict } = await verify(room);
        if (verdict !== 'match') throw new Error(`The verdict is ${verdict}.`);
      }),
    );
  }
  console.log(`verify of ${rows} unchanged rows × 20 columns, ${rounds} rounds, median (min–max):`);
  console.log(`  all three databases                  ${describeSeconds(ours)}`);
  console.log(`  run with a digest pass               ${describeSeconds(pass)}   ratio ${medianRatio(ours, pass)}`);
  console.log(`  digest of the source                 ${describeSeconds(alone)}   ratio ${medianRatio(ours, alone)}`);
  console.log(`  one statement by hand on the source  ${describeSeconds(hand)}   ratio ${medianRatio(ours, hand)}`);
}

interface Digest extends AsyncDisposable {
  once(): Promise<unknown>;
}

async function digestOfSource({ source }: Room): Promise<Digest> {
  const session = await openMysqlSession(source, { where: 'source' });
  const [table] = await describeTables(session, [TABLE]);
  if (!table) throw new Error('The table is missing.');
  const input = { table, key: table.key, columns: table.columns, range: WHOLE_TABLE };
  return { once: () => digestRange(session, input), [Symbol.asyncDispose]: () => session.close() };
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

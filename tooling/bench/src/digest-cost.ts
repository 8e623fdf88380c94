import { describeTables, digestRange, openMysqlSession, WHOLE_TABLE } from '@tidemark/mysql';

import { checksumByHand } from './checksum-by-hand.ts';
import { copy } from './hops.ts';
import { describeSeconds, medianRatio, secondsOf } from './measure.ts';
import { openRoom } from './room.ts';
import { createWideTable } from './wide-table.ts';

const TABLE = 'wide';

/**
 * The digest of an unchanged table on the source alone, and a whole pass (an incremental run, and the digests of source
 * and replica at the same time), each beside BIT_XOR(CRC32(CONCAT_WS(...))) by hand over the same tables.
 */
export async function benchDigest(rows: number, rounds: number): Promise<void> {
  await using room = await openRoom();
  await createWideTable(room.source, TABLE, rows);
  await copy(room, TABLE);
  await using byHand = await checksumByHand(room, TABLE);
  const session = await openMysqlSession(room.source, { where: 'source' });
  const [table] = await describeTables(session, [TABLE]);
  if (!table) throw new Error('The table is missing.');
  const input = { table, key: table.key, columns: table.columns, range: WHOLE_TABLE };
  const seconds = { digest: [] as number[], onSource: [] as number[], pass: [] as number[], onBoth: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    seconds.onSource.push(await secondsOf(() => byHand.onSource()));
    seconds.digest.push(await secondsOf(() => digestRange(session, input)));
    seconds.onBoth.push(await secondsOf(() => byHand.onBoth()));
    seconds.pass.push(await secondsOf(() => copy(room, TABLE, 0)));
  }
  await session.close();
  const { digest, onSource, pass, onBoth } = seconds;
  console.log(`digest of ${rows} unchanged rows × 20 columns, ${rounds} rounds, median (min–max):`);
  console.log(`  one statement by hand on the source                 ${describeSeconds(onSource)}`);
  console.log(
    `  digest of the source                                ${describeSeconds(digest)}   ratio ${medianRatio(digest, onSource)}`,
  );
  console.log(`  the same by hand on both servers at once            ${describeSeconds(onBoth)}`);
  console.log(
    `  run with a digest pass of both servers              ${describeSeconds(pass)}   ratio ${medianRatio(pass, onBoth)}`,
  );
}

import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copy, load } from './hops.ts';
import { describeSeconds, hasProgram, medianRatio, secondsOf, shell } from './measure.ts';
import { openRoom, type Room } from './room.ts';
import { createWideTable } from './wide-table.ts';

const TABLE = 'wide';

/**
 * First load of a table, replica to raw, tracking included, beside what one would do by hand: the mariadb client piped
 * into psql's \copy, into an empty table that has its primary key. And beside pgloader, where it is installed.
 */
export async function benchLoadSpeed(rows: number, rounds: number): Promise<void> {
  await using room = await openRoom();
  await createWideTable(room.source, TABLE, rows);
  const copied = await secondsOf(() => copy(room, TABLE));
  console.log(`first copy, source to replica: ${copied.toFixed(2)} s, ${Math.round(rows / copied)} rows/s`);
  await load(room, TABLE);
  await room.onWarehouse(`CREATE SCHEMA byhand; CREATE TABLE byhand.${TABLE} (LIKE raw.${TABLE} INCLUDING ALL)`);
  const ours: number[] = [];
  const byHand: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await room.onWarehouse(`DROP TABLE raw.${TABLE}`);
    ours.push(await secondsOf(() => load(room, TABLE)));
    await room.onWarehouse(`TRUNCATE byhand.${TABLE}`);
    byHand.push(await secondsOf(() => shell(pipeByHand(room))));
  }
  console.log(`first load of ${rows} rows × 20 columns, ${rounds} rounds, median (min–max):`);
  console.log(`  Tidemark            ${describeSeconds(ours)}`);
  console.log(`  mariadb | psql      ${describeSeconds(byHand)}   Tidemark takes ${medianRatio(ours, byHand)} of it`);
  if (await hasProgram('pgloader')) {
    const theirs = [await secondsOf(() => pgloader(room))];
    console.log(`  pgloader            ${describeSeconds(theirs)}   Tidemark takes ${medianRatio(ours, theirs)} of it`);
  } else console.log('  pgloader            not installed (Debian package pgloader): not compared');
}

function pipeByHand(room: Room): string {
  const { replica, warehouse } = room;
  return `mariadb --no-defaults -h ${replica.host} -P ${replica.port} -u ${replica.user} --password='${replica.password}' \\
      --default-character-set=utf8mb4 --quick --batch --skip-column-names ${replica.database} -e 'select * from ${TABLE}' \\
    | PGPASSWORD='${warehouse.password}' psql -q -h ${warehouse.host} -p ${warehouse.port} -U ${warehouse.user} \\
      -d ${warehouse.database} -v ON_ERROR_STOP=1 -c "\\\\copy byhand.${TABLE} from stdin with (null 'NULL')"`;
}

async function pgloader(room: Room): Promise<void> {
  const { replica, warehouse } = room;
  const file = join(tmpdir(), `tidemark-bench-${process.pid}.load`);
  await writeFile(
    file,
    `LOAD DATABASE
       FROM mysql://${replica.user}:${replica.password}@${replica.host}:${replica.port}/${replica.database}
       INTO postgresql://${warehouse.user}:${warehouse.password}@${warehouse.host}:${warehouse.port}/${warehouse.database}
       WITH include drop, create tables, create indexes, reset no sequences
       INCLUDING ONLY TABLE NAMES MATCHING '${TABLE}';\n`,
  );
  await shell(`pgloader --on-error-stop ${file}`);
}

import { fileURLToPath } from 'node:url';

import { shell } from './measure.ts';
import { openRoom, type Room } from './room.ts';
import { createWideTable } from './wide-table.ts';

const BIN = fileURLToPath(new URL('../../../apps/cli/bin/tidemark.ts', import.meta.url));
/** Printed by the process itself when it ends: largest resident set, in KiB. */
const TELL = `data:text/javascript,process.on('exit',()=>console.error('maxrss='+process.resourceUsage().maxRSS))`;

/** Peak memory of the real command over both hops, and of comparing them, for a table and for one ten times larger. */
export async function benchMemory(rows: number): Promise<void> {
  await using room = await openRoom();
  await createWideTable(room.source, 'small', rows);
  await createWideTable(room.source, 'large', rows * 10);
  const small = await peakOf(room, 'small');
  const large = await peakOf(room, 'large');
  console.log(`peak memory of \`tidemark run\`: ${rows} rows ${small} MiB, ${rows * 10} rows ${large} MiB`);
  const again = await peakOf(room, 'large');
  console.log(`run again, nothing changed: ${again} MiB`);
  const [smallVerify, largeVerify] = [await peakOf(room, 'small', 'verify'), await peakOf(room, 'large', 'verify')];
  console.log(
    `peak memory of \`tidemark verify\`: ${rows} rows ${smallVerify} MiB, ${rows * 10} rows ${largeVerify} MiB`,
  );
}

async function peakOf(room: Room, table: string, command: 'run' | 'verify' = 'run'): Promise<number> {
  const output = await shell(
    `'${process.execPath}' --import '${TELL.replaceAll("'", `'\\''`)}' '${BIN}' ${command} ${table}`,
    room.environment,
  );
  const kilobytes = /maxrss=(\d+)/.exec(output)?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

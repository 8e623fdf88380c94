import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../process/run-program.ts';
import { identifyMysqld, type MysqlProgram } from './find-mysqld.ts';

const DOWNLOAD_TIMEOUT_MS = 300_000;

/** Where mysql-memory-server keeps what it has downloaded. */
const DOWNLOADS = join(tmpdir(), 'mysqlmsn', 'binaries');

let download: Promise<MysqlProgram> | undefined;

/** Has mysql-memory-server fetch a MySQL server program. Once per process. */
export function downloadMysqld(): Promise<MysqlProgram> {
  download ??= fetchAndFind();
  return download;
}

async function fetchAndFind(): Promise<MysqlProgram> {
  // In a process of its own: the package installs exit handlers, and a download that hangs can be ended.
  const script = fileURLToPath(new URL('fetch-mysql.ts', import.meta.url));
  await runProgram(process.execPath, [script], { timeoutMs: DOWNLOAD_TIMEOUT_MS });
  const files = await readdir(DOWNLOADS, { recursive: true });
  const binary = files
    .filter((file) => basename(file) === 'mysqld')
    .toSorted()
    .at(-1);
  if (!binary) throw new Error(`mysql-memory-server left no mysqld in ${DOWNLOADS}.`);
  return identifyMysqld(join(DOWNLOADS, binary));
}

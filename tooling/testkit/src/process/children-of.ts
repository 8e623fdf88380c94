import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { runProgram } from './run-program.ts';

/** The process ids of a process's children. */
export async function childrenOf(pid: number): Promise<number[]> {
  const list = `/proc/${pid}/task/${pid}/children`;
  const text = existsSync(list) ? await readFile(list, 'utf8') : await askPgrep(pid);
  return text.split(/\s+/).filter(Boolean).map(Number);
}

async function askPgrep(pid: number): Promise<string> {
  // pgrep ends with 1 where it finds nothing.
  return runProgram('sh', ['-c', 'pgrep -P "$1" || [ $? -eq 1 ]', 'sh', String(pid)]);
}

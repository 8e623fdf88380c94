import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';
import type { ProcessOwner } from '../process/server-process.ts';

/** Accounts to run PostgreSQL under, which refuses to run as root. */
const ACCOUNTS = ['postgres', 'nobody'];

/** The account for PostgreSQL: this process's own unless that is root. */
export async function unprivilegedAccount(): Promise<ProcessOwner | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const wanted of ACCOUNTS) {
    const found = accounts.find(([name]) => name === wanted);
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new RungUnavailable(`running as root, and there is no account ${ACCOUNTS.join(' or ')}`);
}

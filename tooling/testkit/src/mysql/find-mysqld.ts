import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';
import { runProgram } from '../process/run-program.ts';
import type { MysqlFlavor } from './mysql-options.ts';

/** A server program: mysqld may be MariaDB under its old name. */
export interface MysqlProgram {
  readonly binary: string;
  readonly flavor: MysqlFlavor;
}

const PROGRAM_NAMES = ['mariadbd', 'mysqld'] as const;
const FURTHER_FOLDERS = ['/usr/sbin', '/usr/libexec', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Finds a MySQL or MariaDB server program on this machine. */
export async function findMysqld(wanted: MysqlFlavor | undefined): Promise<MysqlProgram> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...FURTHER_FOLDERS];
  for (const name of PROGRAM_NAMES) {
    for (const folder of folders) {
      const binary = join(folder, name);
      if (!(await isExecutable(binary))) continue;
      const program = await identifyMysqld(binary);
      if (!wanted || wanted === program.flavor) return program;
    }
  }
  throw new RungUnavailable(`no ${wanted === 'mysql' ? 'mysqld of MySQL' : 'mariadbd or mysqld'} on this machine`);
}

/** Asks a server program whether it is MariaDB or MySQL. */
export async function identifyMysqld(binary: string): Promise<MysqlProgram> {
  const version = await runProgram(binary, ['--no-defaults', '--version']);
  return { binary, flavor: version.includes('MariaDB') ? 'mariadb' : 'mysql' };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../process/run-program.ts';
import type { MysqlProgram } from './find-mysqld.ts';

export interface DataFolder {
  readonly path: string;
  /** Arguments that every start of the program needs here, such as `--user=root`. */
  readonly commonArguments: readonly string[];
}

/**
 * The system tables of MariaDB, in the order in which they build on each other; their names follow the release. They are run here rather than by
 * mariadb-install-db, which needs my_print_defaults: that is in another Debian package than the server.
 */
const SYSTEM_TABLES = [
  /^(?:mysql|mariadb)_system_tables\.sql$/,
  /^(?:mysql|mariadb)_performance_tables\.sql$/,
  /^(?:mysql|mariadb)_system_tables_data\.sql$/,
  /^maria_add_gis_sp_bootstrap\.sql$/,
  /^(?:mysql|mariadb)_sys_schema\.sql$/,
] as const;

/** Creates the system tables of an empty server. */
export async function initialiseDataFolder(program: MysqlProgram, folder: DataFolder): Promise<void> {
  const args = ['--no-defaults', `--datadir=${folder.path}`, ...folder.commonArguments];
  if (program.flavor === 'mysql') {
    await runProgram(program.binary, [...args, '--initialize-insecure']);
    return;
  }
  await runProgram(program.binary, [...args, '--bootstrap', '--loose-innodb-buffer-pool-size=64M'], {
    input: await systemTables(program),
  });
}

async function systemTables(program: MysqlProgram): Promise<string> {
  const share = await shareFolder(program);
  const names = await readdir(share);
  const files = SYSTEM_TABLES.map((pattern) => {
    const name = names.find((candidate) => pattern.test(candidate));
    if (!name) throw new Error(`${share} has no file ${pattern.source}.`);
    return readFile(join(share, name), 'utf8');
  });
  const prelude = [
    'CREATE DATABASE IF NOT EXISTS mysql;',
    'USE mysql;',
    'SET @auth_root_socket=NULL, @skip_auth_anonymous=1;',
  ];
  return [...prelude, ...(await Promise.all(files))].join('\n');
}

/** Where the program's own files are: the SQL files lie beside the folder of its character sets. */
async function shareFolder(program: MysqlProgram): Promise<string> {
  const help = await runProgram(program.binary, ['--no-defaults', '--verbose', '--help']);
  const share = /^character-sets-dir +(?<path>\/.*\S) *$/m.exec(help)?.groups?.['path'];
  if (!share) throw new Error(`${program.binary} does not say where its files are.`);
  return dirname(share);
}

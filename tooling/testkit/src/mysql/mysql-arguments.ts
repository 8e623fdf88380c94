import type { MysqlOptions, Setting } from './mysql-options.ts';

/**
 * Settings of every test server. Small, and quick to start. A commit reaches the operating system but not the disk:
 * it survives the death of the process, which tests bring about, and not that of the machine.
 */
const BASE_SETTINGS: Readonly<Record<string, Setting>> = {
  'innodb-flush-log-at-trx-commit': 2,
  'innodb-buffer-pool-size': '128M',
  'sync-binlog': 0,
  'skip-log-bin': true,
  'performance-schema': 'OFF',
  'skip-name-resolve': true,
  'max-connections': 150,
};

/** Files that hold a server's identity, and the arguments that name them. */
export function identityFiles(
  { identity }: MysqlOptions,
  folder: string,
): {
  readonly files: readonly { readonly target: string; readonly content: string }[];
  readonly args: readonly string[];
} {
  if (!identity) return { files: [], args: [] };
  const [certificate, key] = [`${folder}/tidemark-cert.pem`, `${folder}/tidemark-key.pem`];
  const files = [
    { target: certificate, content: identity.certificate },
    { target: key, content: identity.key },
  ];
  return { files, args: [`--ssl-cert=${certificate}`, `--ssl-key=${key}`] };
}

/** The arguments of the server program that do not depend on where it runs. */
export function mysqlArguments(options: MysqlOptions): string[] {
  const settings: Record<string, Setting> = {
    ...BASE_SETTINGS,
    'character-set-server': options.characterSet ?? 'utf8mb4',
    'local-infile': (options.localInfile ?? true) ? 1 : 0,
    ...(options.sqlMode === undefined ? {} : { 'sql-mode': options.sqlMode }),
    ...options.settings,
  };
  const words = Object.entries(settings).map(([name, value]) => `--${name}${value === true ? '' : `=${value}`}`);
  return [...words, ...(options.extraArgs ?? [])];
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Setup } from '@tidemark/command-line';
import { setUp } from '@tidemark/command-line/testing';

import { connection, type Practice } from './practice.ts';

/** What a command starts from, for tests that do its work in this process. */
export function openSetup(
  { source, replica, warehouse, folder }: Pick<Practice, 'source' | 'replica' | 'warehouse' | 'folder'>,
  yml: string,
): Promise<Setup> {
  const variables = {
    ...connection('OPENDENTAL_SOURCE', source.endpoint),
    ...connection('MYSQL_REPLICATION', replica.endpoint),
    ...connection('POSTGRES_ANALYTICS', warehouse.endpoint),
  };
  const [env, tables] = [join(folder, 'in-process.env'), join(folder, 'in-process.yml')];
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(env, lines.join(''));
  writeFileSync(tables, yml);
  const flags = {
    'env-file': env,
    tables,
    quiet: true,
    json: false,
    'log-level': undefined,
    'log-format': 'pretty',
  } as const;
  return setUp(flags, { live: false, file: 'required' });
}

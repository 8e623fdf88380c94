import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findDbt } from '@tidemark/testkit';
import { Client } from 'pg';

import type { DatabaseAddress } from './demo-databases.ts';
import type { Setting } from './run-tidemark.ts';
import { say } from './tell.ts';

const PACKAGE = fileURLToPath(new URL('../../../../packages/dbt', import.meta.url));

/** What dbt leaves in the folder of a project. */
const LEFTOVERS = new Set(['dbt_packages', 'target', 'logs', 'package-lock.yml']);

/** Builds the dbt package's example on the warehouse where there is a dbt. @returns whether nothing failed */
export async function runDbt(setting: Setting, warehouse: DatabaseAddress): Promise<boolean> {
  const dbt = await findDbt();
  if (dbt === null) {
    console.log(
      '\n  No dbt 1.10 or later here: after `pip install dbt-core dbt-postgres` the demo builds models as well.',
    );
    return true;
  }
  say('dbt builds models on raw; each run records itself');
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-demo-dbt-'));
  try {
    await cp(join(PACKAGE, 'example'), folder, { recursive: true, filter: (path) => !LEFTOVERS.has(basename(path)) });
    await writeFile(join(folder, 'packages.yml'), `packages:\n  - local: ${JSON.stringify(PACKAGE)}\n`);
    for (const words of [
      ['deps', '--quiet'],
      ['build', '--quiet'],
      ['source', 'freshness', '--quiet'],
    ]) {
      if ((await run(dbt, words, { folder, setting })) !== 0) return false;
    }
    await showModels(warehouse);
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly folder: string;
  readonly setting: Setting;
}

function run(dbt: string, words: readonly string[], { folder, setting }: Place): Promise<number> {
  console.log(`\n$ dbt ${words.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(dbt, words, {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, ...setting.environment, DBT_PROFILES_DIR: folder, DBT_SEND_ANONYMOUS_USAGE_STATS: '0' },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The models by the record that the run left; no row of them. */
async function showModels(warehouse: DatabaseAddress): Promise<void> {
  const client = new Client(warehouse);
  await client.connect();
  const { rows } = await client.query<{ model: string; status: string; rows: string }>(
    `SELECT table_name AS model, transformation_status AS status, rows_transformed AS rows
       FROM raw.etl_transform_status ORDER BY table_name`,
  );
  await client.end();
  console.log('\n  raw.etl_transform_status:');
  for (const { model, status, rows: count } of rows) {
    console.log(
      `    ${model.padEnd(24)} ${status.padEnd(8)} ${Number(count).toLocaleString('en-US').padStart(7)} rows`,
    );
  }
}

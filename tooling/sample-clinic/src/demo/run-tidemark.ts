import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../../apps/cli/bin/tidemark.ts', import.meta.url));

export interface Setting {
  /** OPENDENTAL_SOURCE_…, MYSQL_REPLICATION_…, POSTGRES_ANALYTICS_… */
  readonly environment: Readonly<Record<string, string>>;
  readonly tablesFile: string;
}

/** Runs the real command as a user would, and shows what it prints. @returns its exit code */
export function runTidemark(setting: Setting, ...words: readonly string[]): Promise<number> {
  console.log(`\n$ tidemark ${words.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--', BIN, ...words], {
      stdio: 'inherit',
      env: { TIDEMARK_LOG_LEVEL: 'warn', ...process.env, ...setting.environment, TIDEMARK_TABLES: setting.tablesFile },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

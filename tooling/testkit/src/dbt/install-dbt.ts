import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { runProgram } from '../process/run-program.ts';
import { DBT_REQUIREMENTS, dbtFolder, installedDbt } from './dbt-folder.ts';

/** Why there is no dbt, for the line that a skipped test prints. Anything else that goes wrong is a failure. */
export class NoDbt extends Error {
  override readonly name = 'NoDbt';
}

const INSTALL_MS = 300_000;

/** What pip says when it cannot reach the index. */
const UNREACHABLE = /Retrying \(|ConnectionError|name resolution|Name or service not known|Max retries exceeded/;

/** The dbt that tests run: installed once per machine, into a Python environment of its own. @throws NoDbt */
export async function provideDbt(): Promise<string> {
  const found = await installedDbt();
  if (found !== null) return found;
  await requirePython();
  const folder = dbtFolder();
  const made = `${folder}-${randomBytes(6).toString('hex')}`;
  await mkdir(dirname(folder), { recursive: true });
  try {
    await install(made);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error;
  }
  // Named last and at once: nobody finds half an installation, and of two that install at the same time one is named.
  await symlink(made, `${made}.name`);
  await rename(`${made}.name`, folder);
  return join(folder, 'bin', 'dbt');
}

async function requirePython(): Promise<void> {
  const check = 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))';
  try {
    await runProgram('python3', ['-c', check]);
  } catch {
    throw new NoDbt('there is no python3 of version 3.10 or later with its venv module');
  }
}

async function install(folder: string): Promise<void> {
  await runProgram('python3', ['-m', 'venv', folder]);
  try {
    await runProgram(
      join(folder, 'bin', 'python'),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', ...DBT_REQUIREMENTS],
      { timeoutMs: INSTALL_MS },
    );
  } catch (error) {
    if (error instanceof Error && UNREACHABLE.test(error.message)) {
      throw new NoDbt('the Python package index cannot be reached');
    }
    throw error;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLE = join(PACKAGE, 'example');

/** What dbt and people leave in the folder of a project. */
const LEFTOVERS = new Set(['dbt_packages', 'target', 'logs', 'package-lock.yml']);

export interface DbtEnd {
  readonly code: number | null;
  readonly printed: string;
}

export interface RunningDbt {
  readonly process: ChildProcess;
  readonly ended: Promise<DbtEnd>;
}

/** The example project in a folder of its own, with this checkout's package, before a warehouse. */
export interface DbtProject extends Disposable {
  readonly folder: string;
  write(path: string, content: string): void;
  remove(path: string): void;
  start(args: readonly string[], further?: Readonly<Record<string, string>>): RunningDbt;
  run(args: readonly string[], further?: Readonly<Record<string, string>>): Promise<DbtEnd>;
  /** The text of a file below `target`. */
  target(path: string): string;
}

export function openProject(dbt: string, environment: Readonly<Record<string, string>>): DbtProject {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-dbt-'));
  cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !LEFTOVERS.has(basename(path)) });
  const write: DbtProject['write'] = (path, content) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('packages.yml', `packages:\n  - local: ${JSON.stringify(PACKAGE)}\n`);
  const start: DbtProject['start'] = (args, further) =>
    startDbt(dbt, args, { folder, environment: { ...environment, ...further } });
  return {
    folder,
    write,
    remove: (path) => rmSync(join(folder, path)),
    start,
    run: (args, further) => start(args, further).ended,
    target: (path) => readFileSync(join(folder, 'target', path), 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

interface Place {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

function startDbt(dbt: string, args: readonly string[], { folder, environment }: Place): RunningDbt {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(dbt, ['--no-use-colors', ...args], {
    cwd: folder,
    env: { PATH, HOME, ...environment, DBT_PROFILES_DIR: folder, DBT_SEND_ANONYMOUS_USAGE_STATS: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]);
  return { process: child, ended: ended.then(([exit, stdout, stderr]) => ({ code: exit, printed: stdout + stderr })) };
}

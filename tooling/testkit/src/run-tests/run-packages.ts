import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { collectLastLines } from './last-lines.ts';
import type { TestRequest } from './parse-request.ts';
import type { PackageRun } from './tally.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where turbo leaves what came of a run. */
const RUNS = join(ROOT, '.turbo', 'runs');

/** Packages tested at a time. Server tests wait a lot, but too many of them at once wait for each other. */
const MAX_CONCURRENCY = 2;

/** What is read of turbo's summary. */
interface Summary {
  readonly tasks: readonly {
    readonly package: string;
    readonly command: string;
    readonly execution?: { readonly exitCode: number; readonly startTime: number; readonly endTime: number };
  }[];
}

/** Runs the script of every package that has it, or of those named, and goes on when one fails. */
export async function runPackages(
  { task, filters }: TestRequest,
  environment: Readonly<Record<string, string>>,
): Promise<PackageRun[]> {
  const before = new Set(await summaries());
  const concurrency = Math.min(MAX_CONCURRENCY, availableParallelism());
  const args = [
    'run',
    task,
    '--env-mode=loose',
    '--continue=always',
    '--summarize',
    '--ui=stream',
    '--log-order=grouped',
    `--concurrency=${concurrency}`,
    ...filters.map((filter) => `--filter=${filter}`),
  ];
  const turbo = spawn('turbo', args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      // What turbo starts sees a pipe and would print without colours.
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
      ...process.env,
      ...environment,
      PATH: [join(ROOT, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
      TURBO_TELEMETRY_DISABLED: '1',
    },
  });
  const lastLines = collectLastLines(task);
  turbo.stdout.pipe(process.stdout, { end: false });
  createInterface({ input: turbo.stdout }).on('line', (line) => lastLines.add(line));
  // Not `exit`: what was printed last may still be on its way.
  await once(turbo, 'close');
  const written = (await summaries()).find((file) => !before.has(file));
  if (!written) return [];
  const summary: Summary = JSON.parse(await readFile(join(RUNS, written), 'utf8'));
  await rm(join(RUNS, written));
  return summary.tasks
    .filter(({ command }) => command !== '<NONEXISTENT>')
    .map((each) => ({
      ...packageRun(each),
      lastLines: lastLines.of(each.package),
    }));
}

function packageRun({ package: name, execution }: Summary['tasks'][number]): Omit<PackageRun, 'lastLines'> {
  if (!execution) return { package: name, exitCode: 1, seconds: 0 };
  return { package: name, exitCode: execution.exitCode, seconds: (execution.endTime - execution.startTime) / 1000 };
}

async function summaries(): Promise<string[]> {
  try {
    return (await readdir(RUNS)).filter((file) => file.endsWith('.json'));
  } catch (error) {
    // No run has been summed up yet.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

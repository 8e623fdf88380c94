import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder for a JSON report per package: `pnpm test` sums up what it finds there. */
const REPORT_FOLDER_VARIABLE = 'TIDEMARK_TEST_REPORTS';

/** Where the package in the current folder is to write its report, if anybody wants one. */
export function reportFile(): string | undefined {
  const folder = process.env[REPORT_FOLDER_VARIABLE];
  if (!folder) return undefined;
  const { name }: { name: string } = JSON.parse(readFileSync('package.json', 'utf8'));
  return join(folder, `${encodeURIComponent(name)}.json`);
}

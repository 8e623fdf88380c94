import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { reportFile } from './report-file.ts';

/** Which servers a test file needs is said by its suffix; each suffix is one vitest project. */
const SERVER_SUFFIXES = ['mysql', 'pg', 'e2e'] as const;

const serverFiles = SERVER_SUFFIXES.map((suffix) => `{src,test}/**/*.${suffix}.test.ts`);

export interface TestOptions {
  /** Further global setup of the tests that need servers, after that of the testkit. */
  readonly serverSetup?: readonly string[];
}

/**
 * The vitest configuration of every package.
 *
 * `x.test.ts` and `x.property.test.ts` touch no server. `x.mysql.test.ts`, `x.pg.test.ts` and `x.e2e.test.ts` get real
 * servers from `@tidemark/testkit` and run one file at a time, because they share them.
 */
export function testsBySuffix({ serverSetup = [] }: TestOptions = {}): ViteUserConfig {
  const outputFile = reportFile();
  return defineConfig({
    test: {
      passWithNoTests: true,
      reporters: outputFile === undefined ? ['default'] : ['default', ['json', { outputFile }]],
      projects: [
        {
          test: {
            name: 'unit',
            include: ['{src,test}/**/*.test.ts'],
            // No test asserts time; a machine that is busy with three servers is slow.
            testTimeout: 60_000,
            exclude: [...serverFiles, '**/node_modules/**'],
          },
        },
        {
          test: {
            name: 'servers',
            include: serverFiles,
            globalSetup: ['@tidemark/testkit/global-setup', ...serverSetup],
            testTimeout: 120_000,
            hookTimeout: 180_000,
            fileParallelism: false,
          },
        },
      ],
    },
  });
}

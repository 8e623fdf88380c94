import { runProgram } from '../process/run-program.ts';
import { installedDbt } from './dbt-folder.ts';

/** dbt 1.10 and later with its adapter for PostgreSQL, as `dbt --version` prints it. */
const FIT = /installed: +1\.[1-9]\d\.[^]*- postgres:/;

/** A dbt that can build on PostgreSQL: the one on the PATH, else the one that tests have installed, else null. */
export async function findDbt(): Promise<string | null> {
  return (await isFit('dbt')) ? 'dbt' : installedDbt();
}

function isFit(program: string): Promise<boolean> {
  return runProgram(program, ['--version']).then(
    (printed) => FIT.test(printed),
    () => false,
  );
}

import buffer from 'node:buffer';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Errors, run, settings, type Interfaces } from '@oclif/core';

import { listenForCrash } from './listen-for-crash.ts';
import { listenForLostOutput } from './listen-for-lost-output.ts';
import { readArguments } from './read-arguments.ts';
import { tellFailure } from './tell-failure.ts';

export interface Program {
  /** Folder of the app's package.json. */
  readonly root: URL;
  /** Where oclif finds the app's commands. */
  readonly commands: NonNullable<Interfaces.PJSON['oclif']['commands']>;
}

/**
 * Runs an app with the words of the command line; every failure is told in the same way and sets the exit code. The
 * process ends by itself, so that what was printed is written out: oclif's `flush` waits for a reader, who may be gone.
 */
export async function runProgram({ root, commands }: Program): Promise<void> {
  const argv = readArguments(process.argv.slice(2));
  listenForCrash(argv);
  listenForLostOutput();
  // Node strips the types itself; oclif would look for a transpiler where NODE_ENV is test or development.
  settings.enableAutoTranspile = false;
  // With NODE_DEBUG=stream Node shows the first bytes of every packet, which are rows (promise P8).
  buffer.INSPECT_MAX_BYTES = 0;
  const folder = fileURLToPath(root);
  const pjson: Interfaces.PJSON = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  pjson.oclif.commands = commands;
  try {
    await run(argv, { root: folder, pjson });
  } catch (error) {
    // --help inside a command ends it by this error.
    if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit ?? 0;
    else process.exitCode = tellFailure(error, argv);
  }
}

#!/usr/bin/env node
import buffer from 'node:buffer';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Errors, flush, run, settings, type Interfaces } from '@oclif/core';

import { listenForCrash } from './command-line/listen-for-crash.ts';
import { tellFailure } from './command-line/tell-failure.ts';

/** Runs from the TypeScript sources in the checkout and from `dist` when installed: the commands lie beside this file. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const FOLDER = EXTENSION === 'ts' ? './src' : './dist';

// Node strips the types itself; oclif would look for a transpiler where NODE_ENV is test or development.
settings.enableAutoTranspile = false;

// With NODE_DEBUG=stream Node shows the first bytes of every packet, which are rows (promise P8).
buffer.INSPECT_MAX_BYTES = 0;

async function main(argv: string[]): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const pjson: Interfaces.PJSON = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  pjson.oclif.commands = { strategy: 'explicit', target: `${FOLDER}/commands.${EXTENSION}`, identifier: 'COMMANDS' };
  try {
    await run(argv, { root, pjson });
  } catch (error) {
    // --help inside a command ends it by this error.
    if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit ?? 0;
    else process.exitCode = tellFailure(error, argv);
  }
  await flush();
}

listenForCrash(process.argv.slice(2));
await main(process.argv.slice(2));

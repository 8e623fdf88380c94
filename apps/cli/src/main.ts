#!/usr/bin/env node
import { runProgram } from '@tidemark/command-line';

/** Runs from the TypeScript sources in the checkout and from `dist` when installed: the commands lie beside this file. */
const target = import.meta.url.endsWith('.ts') ? './src/commands.ts' : './dist/commands.js';

await runProgram({
  root: new URL('..', import.meta.url),
  commands: { strategy: 'explicit', target, identifier: 'COMMANDS' },
});

#!/usr/bin/env node
import { runProgram } from '@tidemark/command-line';

/** Runs from the TypeScript sources in the checkout and from `dist` when installed: the command lies beside this file. */
const target = import.meta.url.endsWith('.ts') ? './src/commands/backfill.ts' : './dist/commands/backfill.js';

await runProgram({ root: new URL('..', import.meta.url), commands: { strategy: 'single', target } });

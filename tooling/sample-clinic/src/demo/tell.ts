import type { Setting } from './run-tidemark.ts';

const BOLD = process.stdout.isTTY ? '\u001b[1m' : '';
const PLAIN = process.stdout.isTTY ? '\u001b[0m' : '';

/** A heading between two acts. */
export function say(text: string): void {
  console.log(`\n${BOLD}── ${text}${PLAIN}`);
}

export function tellTheStart(): void {
  console.log(`${BOLD}Tidemark${PLAIN} keeps a PostgreSQL warehouse of a dental practice's OpenDental database up to date.

  source      OpenDental on MySQL/MariaDB: read only, in short statements
    │ copy    changed rows, found by timestamps and by digest
  replica     a MySQL/MariaDB database of our own
    │ load    by the replica's own copy sequence
  warehouse   PostgreSQL, schema raw: dbt builds on it

Three real servers are started now, in temporary folders or containers.`);
}

export function tellTheEnd(equal: boolean, setting: Setting, keep: boolean): void {
  if (!equal) {
    say('The databases differ, or a command failed: see above');
    return;
  }
  say('Done: all tables equal in all three databases, after the first run and after the second');
  const variables = Object.entries(setting.environment).map(([name, value]) => `  export ${name}='${value}'`);
  if (!keep) {
    console.log('\nTo play with it: `npx pnpm@12 demo --keep` leaves the servers running and says how to reach them.');
    return;
  }
  console.log(`\nThe servers run until you press Ctrl-C. In another terminal, in this checkout:\n
${variables.join('\n')}
  export TIDEMARK_TABLES='${setting.tablesFile}'

  npx pnpm@12 tidemark plan patient          what the next run would do, and why
  npx pnpm@12 tidemark run                   run again: nothing changes
  npx pnpm@12 tidemark history patient       what past runs did
  npx pnpm@12 tidemark doctor                connections, rights, clocks`);
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startServers, type Servers } from '@tidemark/testkit';

import { buildClinic, CLINIC_TABLES, dayAtTheClinic, tablesYml } from '../index.ts';
import { createDemoDatabases, type DemoDatabases } from './demo-databases.ts';
import { DEMO_HELP, readDemoFlags, type DemoFlags } from './read-flags.ts';
import { runDbt } from './run-dbt.ts';
import { runTidemark, type Setting } from './run-tidemark.ts';
import { showComparison } from './show-comparison.ts';
import { say, tellTheEnd, tellTheStart } from './tell.ts';

const SCHEMA = 'raw';

/**
 * The main job, on real servers it starts itself: a synthetic practice, a first run, a day at the clinic, a second run,
 * and after each run a comparison of every value in all three databases.
 */
async function demo(flags: DemoFlags): Promise<boolean> {
  tellTheStart();
  const servers = await startServers();
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-demo-'));
  try {
    const databases = await createDemoDatabases(servers);
    const setting = await configure(folder, databases);
    const equal = await twoRuns(databases, setting, flags);
    tellTheEnd(equal, setting, flags.keep);
    if (flags.keep) await untilInterrupted();
    return equal;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await stop(servers);
  }
}

async function twoRuns(databases: DemoDatabases, setting: Setting, flags: DemoFlags): Promise<boolean> {
  const compared = {
    source: databases.source,
    replica: databases.replica,
    warehouse: databases.warehouse,
    schema: SCHEMA,
    tables: CLINIC_TABLES.map((table) => table.name),
  };
  const { seed, patients } = flags;
  say(`A synthetic dental practice of ${patients} patients moves into the source`);
  await databases.withSource((source) => buildClinic(source, { seed, patients }));
  say('The tracking tables are made in replica and warehouse');
  if ((await runTidemark(setting, 'migrate')) !== 0) return false;
  say('First run: everything is new, so every table is read in full');
  if ((await runTidemark(setting, 'run')) !== 0) return false;
  if (!(await showComparison(compared))) return false;
  say('A day at the clinic: new rows, edits, edits that move no timestamp, hard deletes');
  showDay(await databases.withSource((source) => dayAtTheClinic(source, { seed, day: 1 })));
  say('Second run: only what changed is read; a digest finds what no timestamp tells');
  if ((await runTidemark(setting, 'run')) !== 0) return false;
  if (!(await showComparison(compared))) return false;
  say('What the tracking tables say now');
  await runTidemark(setting, 'status');
  return runDbt(setting, databases.warehouse);
}

type DayAccount = Awaited<ReturnType<typeof dayAtTheClinic>>;

function showDay(account: DayAccount): void {
  const sum = { inserted: 0, updated: 0, updatedWithoutStamp: 0, deleted: 0, softDeleted: 0 };
  for (const table of Object.values(account)) {
    sum.inserted += table.inserted;
    sum.updated += table.updated;
    sum.updatedWithoutStamp += table.updatedWithoutStamp;
    sum.deleted += table.deleted;
    sum.softDeleted += table.softDeleted;
  }
  console.log(
    `  ${sum.inserted} rows inserted, ${sum.updated} updated, ${sum.updatedWithoutStamp} updated without any stamp, ` +
      `${sum.softDeleted} marked as deleted, ${sum.deleted} deleted for good`,
  );
}

async function configure(folder: string, databases: DemoDatabases): Promise<Setting> {
  const tablesFile = join(folder, 'tables.yml');
  // By default a digest is due once a day; here a day passes in a second.
  await writeFile(tablesFile, `${tablesYml()}\ndefaults:\n  digest_every: 0\n`);
  return { tablesFile, environment: databases.environment };
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => {}, 60_000);
    process.once('SIGINT', () => {
      clearInterval(alive);
      resolve();
    });
  });
}

async function stop(servers: Servers): Promise<void> {
  await servers.stop();
}

async function main(): Promise<0 | 1 | 2> {
  let flags: DemoFlags | null;
  try {
    flags = readDemoFlags(process.argv.slice(2));
  } catch (error) {
    const [words = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    console.error(`Error: ${words}\n  → Run it with --help to see what it takes.`);
    return 2;
  }
  if (flags !== null) return (await demo(flags)) ? 0 : 1;
  console.log(DEMO_HELP);
  return 0;
}

process.exitCode = await main();

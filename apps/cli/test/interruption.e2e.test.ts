import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { armPoint } from '@tidemark/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openPractice, TABLES, type Practice } from './testing/practice.ts';
import { untilReached } from './testing/run-cli.ts';

let practice: Practice;
let mark: string;
let release: string;

beforeAll(async () => {
  practice = await openPractice();
  // Six chunks, so that there are safe points in the middle of the table.
  practice.writeTables(TABLES.replace('patient: {', 'patient: {batch_size: 50, '));
  await practice.run(['migrate']);
  mark = join(practice.folder, 'reached');
  release = join(practice.folder, 'go-on');
});

afterAll(async () => {
  await practice[Symbol.asyncDispose]();
});

beforeEach(() => {
  for (const file of [mark, release]) if (existsSync(file)) rmSync(file);
});

const pausedAt = (point: string) => armPoint({ point, table: 'patient', action: 'pause', mark, release });

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s stops at the next safe point and exits %i', async (signal, code) => {
    const cli = practice.start(['run', '--jobs', '1', '--json'], pausedAt('copy.chunk-staged'));
    await untilReached(cli, mark);
    cli.process.kill(signal);
    await sleep(100);
    writeFileSync(release, '');
    const result = await cli.ended;
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(`${signal}: stopping at the next safe point`);
    const { ok, tables } = JSON.parse(result.stdout);
    expect(ok).toBe(false);
    expect(tables[0]).toMatchObject({ table: 'patient', hop: 'copy', status: 'failed', error: { code: 'STOPPED' } });
    expect(tables.slice(1).every(({ status }: { status: string }) => status === 'skipped')).toBe(true);
    expect(await practice.replica.query("SHOW TABLES LIKE 'recall'")).toEqual([]);
  });

  it('given twice ends the process at once', async () => {
    const cli = practice.start(['run', '--jobs', '1'], pausedAt('copy.chunk-staged'));
    await untilReached(cli, mark);
    cli.process.kill('SIGINT');
    await sleep(700);
    cli.process.kill('SIGINT');
    const result = await cli.ended;
    expect(result.code).toBe(130);
    expect(result.stdout).toBe('');
  });
});

describe('a table that another run holds', () => {
  it('is left, with exit code 5 and the run that holds it; other tables are done', async () => {
    const first = practice.start(['copy', 'patient', '--json'], pausedAt('copy.run-recorded'));
    await untilReached(first, mark);
    const second = await practice.run(['run', '--json']);
    writeFileSync(release, '');
    const { code, stdout } = await first.ended;
    expect({ code, second: second.code }).toEqual({ code: 0, second: 5 });
    const { tables } = JSON.parse(second.stdout);
    const locked = tables.find(
      ({ table, hop }: { table: string; hop: string }) => table === 'patient' && hop === 'copy',
    );
    expect(locked).toMatchObject({ status: 'failed', error: { code: 'TABLE_LOCKED' } });
    expect(locked.error.message).toContain(JSON.parse(stdout).runId);
    expect(tables).toContainEqual(expect.objectContaining({ table: 'recall', hop: 'load', status: 'success' }));
  });
});

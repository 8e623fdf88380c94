import { channel } from 'node:diagnostics_channel';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { armPoint, parseArmedPoint, tracePoints } from './armed-point.ts';
import { onPoint } from './on-point.ts';
import { pauseAt } from './pause-at.ts';

/** As `reachPoint` of @tidemark/tracking does it. */
async function reach(point: string, table: string): Promise<void> {
  const visit: { point: string; table: string; interruption?: Promise<void> } = { point, table };
  channel('tidemark:point').publish(visit);
  await visit.interruption;
}

describe('onPoint', () => {
  test('fails at its point and table, and nowhere else', async () => {
    using subscription = onPoint('copy.staged', 'patient', 'fail');
    await expect(reach('copy.staged', 'patient')).rejects.toThrow('Fault injected at copy.staged of patient.');
    await reach('copy.staged', 'claim');
    await reach('copy.applied', 'patient');
    expect(subscription.visits()).toBe(1);
  });

  test('acts on any table for *, and is over when disposed', async () => {
    const seen: string[] = [];
    {
      using _subscription = onPoint('copy.staged', '*', (table) => {
        seen.push(table);
      });
      await reach('copy.staged', 'patient');
      await reach('copy.staged', 'claim');
    }
    await reach('copy.staged', 'recall');
    expect(seen).toEqual(['patient', 'claim']);
  });

  test('runs all subscriptions of a point', async () => {
    const first = vi.fn<() => void>();
    using _first = onPoint('copy.staged', 'patient', first);
    using _second = onPoint('copy.staged', 'patient', 'fail');
    await expect(reach('copy.staged', 'patient')).rejects.toThrow('Fault injected');
    expect(first).toHaveBeenCalledTimes(1);
  });
});

test('pauseAt holds the code until it is released', async () => {
  using pause = pauseAt('load.merged', 'patient');
  let passed = false;
  const passing = reach('load.merged', 'patient').then(() => {
    passed = true;
  });
  await pause.reached;
  await reach('load.merged', 'patient');
  expect(passed).toBe(false);
  pause.release();
  await passing;
  expect(passed).toBe(true);
});

describe('parseArmedPoint', () => {
  test.each([
    ['copy.staged:patient:kill', { point: 'copy.staged', table: 'patient', action: 'kill', nth: 1 }],
    ['copy.staged:*:pause:3', { point: 'copy.staged', table: '*', action: 'pause', nth: 3 }],
  ])('reads %s', (text, expected) => {
    expect(parseArmedPoint(text)).toEqual(expected);
  });

  test.each(['', 'copy.staged', 'a:b:explode', 'a:b:kill:0', 'a:b:kill:1.5', 'a:b:kill:1:2', 'a::kill'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseArmedPoint(text)).toThrow('is not of the form');
    },
  );
});

describe('armPoint', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidemark-points-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  function runVisitor(armed: Record<string, string>) {
    const program = fileURLToPath(new URL('../../test/visit-points.ts', import.meta.url));
    const child = spawn(process.execPath, [program], { env: { ...process.env, ...armed } });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    return { output: () => output, ended: once(child, 'close') };
  }

  test('kills the child on the visit that was asked for', async () => {
    const mark = join(folder, 'killed');
    const child = runVisitor(armPoint({ point: 'copy.staged', table: '*', action: 'kill', nth: 2, mark }));
    expect(await child.ended).toEqual([null, 'SIGKILL']);
    expect(child.output()).toBe('patient\n');
    expect(await readFile(mark, 'utf8')).toBe('claim');
  });

  test('makes the child fail', async () => {
    const child = runVisitor(armPoint({ point: 'copy.staged', table: 'claim', action: 'fail' }));
    expect(await child.ended).toEqual([1, null]);
    expect(child.output()).toBe('patient\n');
  });

  test('makes the child act at several points', async () => {
    const further = { point: 'copy.staged', table: 'claim', action: 'fail' } as const;
    const child = runVisitor(armPoint({ point: 'copy.staged', table: 'nobody', action: 'kill' }, further));
    expect(await child.ended).toEqual([1, null]);
  });

  test('has the child write down where it comes', async () => {
    const file = join(folder, 'trace');
    await runVisitor(tracePoints(file)).ended;
    expect(await readFile(file, 'utf8')).toBe('copy.staged patient\ncopy.staged claim\n');
  });

  test('holds the child until the release file exists', async () => {
    const mark = join(folder, 'paused');
    const release = join(folder, 'released');
    const child = runVisitor(armPoint({ point: 'copy.staged', table: 'claim', action: 'pause', mark, release }));
    await vi.waitUntil(() => existsSync(mark), { timeout: 10_000 });
    expect(child.output()).toBe('patient\n');
    await writeFile(release, '');
    expect(await child.ended).toEqual([0, null]);
    expect(child.output()).toBe('patient\nclaim\n');
  });
});

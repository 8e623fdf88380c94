import { join } from 'node:path';

import { armPoint } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openPractice, ROW_VALUE, type Practice } from './testing/practice.ts';
import { untilReached } from './testing/run-cli.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
  await practice.run(['run']);
});
afterAll(() => practice[Symbol.asyncDispose]());

async function verify(table: string, ...flags: string[]): Promise<{ code: number | null; found: object | undefined }> {
  const { code, stdout } = await practice.run(['verify', table, ...flags, '--json']);
  const { tables }: { tables: object[] } = JSON.parse(stdout);
  return { code, found: tables[0] };
}

async function provedAt(table: string): Promise<string | null> {
  const { tables } = JSON.parse((await practice.run(['status', table, '--json'])).stdout);
  return tables[0].provedAt;
}

describe('rows that a hop which failed has not brought', () => {
  it('are differences where the load failed, until one succeeds', async () => {
    await practice.source.exec(`INSERT INTO recall (Note) VALUES ('${ROW_VALUE}'), ('${ROW_VALUE}')`);
    await practice.run(['copy', 'recall']);
    expect(await verify('recall')).toMatchObject({ code: 0, found: { verdict: 'match', pending: 2 } });

    await practice.warehouse.exec('ALTER TABLE raw.recall ADD CONSTRAINT closed CHECK ("RecallNum" <= 20)');
    expect((await practice.run(['run', 'recall'])).code).toBe(1);
    const behind = { verdict: 'differs', missing: 2, pending: 0, causes: { load_failed: 2 } };
    expect(await verify('recall')).toMatchObject({ code: 3, found: behind });
    expect(await provedAt('recall')).toBeNull();
    expect((await practice.run(['verify', 'recall'])).stdout).toContain(
      '  2 rows copied and not loaded: the last load failed\n',
    );

    await practice.warehouse.exec('ALTER TABLE raw.recall DROP CONSTRAINT closed');
    expect((await practice.run(['run', 'recall'])).code).toBe(0);
    expect(await verify('recall')).toMatchObject({ code: 0, found: { verdict: 'match', pending: 0 } });
    expect(await provedAt('recall')).not.toBeNull();
  });

  it('are differences where the copy failed, and a repair brings them', async () => {
    await practice.source.exec(`
      INSERT INTO patient (LName, DateTStamp) VALUES ('${ROW_VALUE}', now() + INTERVAL 1 SECOND);
      UPDATE patient SET LName = '${ROW_VALUE} II', DateTStamp = now() + INTERVAL 1 SECOND WHERE PatNum = 9`);
    expect(await verify('patient')).toMatchObject({ code: 0, found: { verdict: 'match', pending: 2 } });

    await practice.replica.exec('ALTER TABLE patient ADD CONSTRAINT closed CHECK (PatNum <= 300)');
    expect((await practice.run(['run', 'patient'])).code).toBe(1);
    const behind = { verdict: 'differs', missing: 1, different: 1, pending: 0, causes: { copy_failed: 2 } };
    expect(await verify('patient')).toMatchObject({ code: 3, found: behind });

    await practice.replica.exec('ALTER TABLE patient DROP CONSTRAINT closed');
    expect(await verify('patient', '--repair')).toMatchObject({ code: 0, found: { verdict: 'match', repaired: 2 } });
  });

  it('are differences where the load was killed, until one succeeds', async () => {
    await practice.source.exec(`INSERT INTO recall (Note) VALUES ('${ROW_VALUE}')`);
    const mark = join(practice.folder, 'reached');
    const release = join(practice.folder, 'go-on');
    const point = { point: 'load.staged', table: 'recall', action: 'pause', mark, release } as const;
    const killed = practice.start(['run', 'recall'], armPoint(point));
    await untilReached(killed, mark);
    killed.process.kill('SIGKILL');
    await killed.ended;
    const behind = { verdict: 'differs', missing: 1, pending: 0, causes: { load_failed: 1 } };
    expect(await verify('recall')).toMatchObject({ code: 3, found: behind });

    expect((await practice.run(['run', 'recall'])).code).toBe(0);
    expect(await verify('recall')).toMatchObject({ code: 0, found: { verdict: 'match', pending: 0 } });
  });
});

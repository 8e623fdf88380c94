import { join } from 'node:path';

import { armPoint, pauseAt } from '@tidemark/testkit';
import type { HistoryEntry } from '@tidemark/tracking';
import { beforeEach, describe, expect, test } from 'vitest';

import { openCommand, untilReached, type Command, type CommandEnd } from '../command.ts';
import { sharedPipeline } from '../losses/shared-pipeline.ts';
import type { Asked } from '../pipeline.ts';
import { outcomeOf } from './outcome-of.ts';

const { pipeline } = sharedPipeline();

const CHUNKS: Asked = { copy: { batchRows: 3, digestEverySeconds: 0 } };
const TABLES_YML = `
defaults: {digest_every: 0}
tables:
  recall: {batch_size: 3}
  visit: {batch_size: 3}
`;

let tables = 0;
let table = '';

beforeEach(async () => {
  tables += 1;
  table = `visit_${tables}`;
  await createVisits(table);
});

/** Ten rows. */
async function createVisits(name: string): Promise<void> {
  await pipeline().source.exec(
    `CREATE TABLE ${name} (VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40),
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO ${name} (Note) VALUES ('1'), ('2'), ('3'), ('4'), ('5'), ('6'), ('7'), ('8'), ('9'), ('10')`,
  );
}

async function change(name: string, round: number): Promise<void> {
  await pipeline().source.exec(
    `UPDATE ${name} SET Note = 'round ${round}' WHERE VisitNum % 3 = ${round % 3};
     DELETE FROM ${name} WHERE VisitNum = ${round}; INSERT INTO ${name} (Note) VALUES ('new in round ${round}')`,
  );
}

const trackingOf = (hop: 'copy' | 'load') => (hop === 'copy' ? pipeline().copyTracking : pipeline().loadTracking);

describe('a second run while the first stands at', () => {
  // `take` in mysql-table-lock.ts and postgres-table-lock.ts; the name of the holder: #lockedByAnother in tracked-session.ts
  test.each([
    ['copy', 'copy.run-recorded', 'first'],
    ['copy', 'copy.chunk-staged', 'first'],
    ['copy', 'copy.after-chunk-commit', 'first'],
    ['copy', 'copy.staged', 'next'],
    ['copy', 'copy.buried', 'next'],
    ['copy', 'copy.before-commit', 'next'],
    ['load', 'load.run-recorded', 'first'],
    ['load', 'load.created', 'first'],
    ['load', 'load.staged', 'next'],
    ['load', 'load.merged', 'next'],
    ['load', 'load.before-commit', 'next'],
  ] as const)('%s: %s of the %s one is told who holds the table, and leaves no trace', async (hop, point, which) => {
    if (which === 'next') await pipeline().run(table, CHUNKS);
    await change(table, 1);
    if (hop === 'load') await pipeline().copy(table, CHUNKS);
    const tracking = trackingOf(hop);
    using pause = pauseAt(point, table);
    const first = pipeline()[hop](table, CHUNKS);
    await Promise.race([pause.reached, first]);
    const before = { history: await tracking.history({ table }), state: await tracking.state(table) };
    const second = await outcomeOf(pipeline()[hop](table, CHUNKS));
    expect({ history: await tracking.history({ table }), state: await tracking.state(table) }).toEqual(before);
    pause.release();
    await first;
    expect(second).toMatchObject({
      code: 'TABLE_LOCKED',
      message: expect.stringContaining(`held by run ${before.history[0]?.runId}`),
    });
    await pipeline().run(table, CHUNKS);
    await pipeline().expectEqual(table);
  });

  test.each([
    ['copy', 'copy.locked'],
    ['copy', 'copy.after-commit'],
    ['load', 'load.locked'],
    ['load', 'load.after-commit'],
  ] as const)('%s: %s is told that there is a session', async (hop, point) => {
    await pipeline().run(table);
    using pause = pauseAt(point, table);
    const first = pipeline()[hop](table);
    await Promise.race([pause.reached, first]);
    expect(await outcomeOf(pipeline()[hop](table))).toMatchObject({
      code: 'TABLE_LOCKED',
      message: expect.stringContaining('held by another session, which is just beginning or ending its run'),
    });
    pause.release();
    await first;
  });
});

// `take` in mysql-table-lock.ts and postgres-table-lock.ts
test('many runs at once never interleave, and end equal', async () => {
  for (let round = 0; round < 4; round += 1) {
    await change(table, round);
    const asked: Asked = { ...CHUNKS, fullRefresh: round === 2 };
    const outcomes = await Promise.all([
      ...Array.from({ length: 4 }, () => outcomeOf(pipeline().copy(table, asked))),
      ...Array.from({ length: 4 }, () => outcomeOf(pipeline().load(table, asked))),
    ]);
    const codes = outcomes.map(({ code }) => code);
    expect(codes.filter((code) => code !== null && code !== 'TABLE_LOCKED')).toEqual([]);
    expect(codes).toContain(null);
  }
  for (const hop of ['copy', 'load'] as const) {
    const entries = await trackingOf(hop).history({ table });
    expect(entries.every(({ status }) => status === 'success')).toBe(true);
    expect(overlaps(entries)).toEqual([]);
  }
  await pipeline().run(table, CHUNKS);
  await pipeline().expectEqual(table);
});

/** Runs that began before an earlier one had ended. */
function overlaps(entries: readonly HistoryEntry[]): unknown[] {
  const inOrder = entries.toSorted((left, right) => left.startedAt.localeCompare(right.startedAt));
  return inOrder.filter((entry, at) => {
    const earlier = inOrder[at - 1];
    return earlier !== undefined && (earlier.finishedAt ?? '9999') > entry.startedAt;
  });
}

describe('the command', () => {
  // exit-code.ts (5), and the end of the connection, which frees the lock
  test.each(['copy.before-commit', 'load.before-commit'])(
    'at %s: another one exits with 5 and names the run; once killed, the next one goes on at once',
    async (point) => {
      for (const name of ['visit', 'recall']) {
        await pipeline().source.exec(`DROP TABLE IF EXISTS ${name}`);
        await createVisits(name);
      }
      using command = openCommand(pipeline(), TABLES_YML);
      await succeed(command, ['run']);
      await change('visit', 3);
      const mark = join(command.folder, 'reached');
      const release = join(command.folder, 'go-on');
      const first = command.start(
        ['run', 'visit'],
        armPoint({ point, table: 'visit', action: 'pause', mark, release }),
      );
      await untilReached(first, mark);
      const [hop = ''] = point.split('.');
      const [held] = await trackingOf(hop === 'copy' ? 'copy' : 'load').history({ table: 'visit', limit: 1 });
      const second = await command.run(['run', '--json', '--allow-deletes']);
      expect(second.code).toBe(5);
      const report = JSON.parse(second.stdout);
      expect(report.tables).toContainEqual(
        expect.objectContaining({ table: 'recall', hop: 'load', status: 'success' }),
      );
      const locked = report.tables.find((outcome: { table: string; hop: string }) => isOf(outcome, 'visit', hop));
      expect(locked).toMatchObject({ status: 'failed', error: { code: 'TABLE_LOCKED' } });
      expect(locked.error.message).toContain(`held by run ${held?.runId}`);
      first.process.kill('SIGKILL');
      expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });
      await succeed(command, ['run', '--allow-deletes']);
      await pipeline().expectEqual('visit', 'recall');
      const entries = await trackingOf(hop === 'copy' ? 'copy' : 'load').history({ table: 'visit' });
      expect(entries.find(({ runId }) => runId === held?.runId)).toMatchObject({ errorCode: 'INTERRUPTED' });
    },
  );
});

function isOf(outcome: { readonly table: string; readonly hop: string }, of: string, hop: string): boolean {
  return outcome.table === of && outcome.hop === hop;
}

async function succeed(command: Command, args: readonly string[]): Promise<CommandEnd> {
  const end = await command.run(args);
  expect(end, end.stderr).toMatchObject({ code: 0 });
  return end;
}

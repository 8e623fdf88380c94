import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  armPoint,
  serverImage,
  startMysql,
  startPostgres,
  type RunningMysqlServer,
  type RunningPostgresServer,
} from '@tidemark/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openCommand, untilReached } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import type { Side } from './hops.ts';
import { changeVisits, createVisits } from './visits.ts';

let servers: { source: RunningMysqlServer; replica: RunningMysqlServer; warehouse: RunningPostgresServer };
let pipeline: Pipeline;
let folder: string;

beforeAll(async () => {
  const [source, replica, warehouse] = await Promise.all([
    startMysql({ name: 'source to be killed', image: serverImage('source'), timezone: 'America/Chicago', sqlMode: '' }),
    startMysql({ name: 'replica to be killed', image: serverImage('replica') }),
    startPostgres({ name: 'warehouse to be killed', timezone: 'Asia/Kolkata' }),
  ]);
  servers = { source, replica, warehouse };
  pipeline = await openPipeline(servers);
  folder = mkdtempSync(join(tmpdir(), 'tidemark-restart-'));
  await createVisits(pipeline.source, 300);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await pipeline[Symbol.asyncDispose]();
  await Promise.all(Object.values(servers).map((server) => server.stop()));
});

// Guarded by retry-transient.ts: without it each of these runs ends with 1. The waits between the attempts are long
// enough for a server that starts again at once.
test.each<{ side: Side; point: string; hop: 'copy' | 'load' }>([
  { side: 'source', point: 'copy.run-recorded', hop: 'copy' },
  { side: 'replica', point: 'copy.before-commit', hop: 'copy' },
  { side: 'replica', point: 'load.run-recorded', hop: 'load' },
  { side: 'warehouse', point: 'load.before-commit', hop: 'load' },
])(
  'the $side is killed and starts again while the run is at $point: the run ends well',
  async ({ side, point, hop }) => {
    await changeVisits(pipeline.source);
    const mark = join(folder, `${side}-${point}`);
    const release = `${mark}.release`;
    using command = openCommand(pipeline, 'tables: {visit: {}}');
    const armed = armPoint({ point, table: 'visit', action: 'pause', mark, release });
    const running = command.start(['run', '--json', '--log-format', 'json'], armed);
    await untilReached(running, mark);
    await servers[side].kill();
    writeFileSync(release, '');
    // It starts while the run finds it gone.
    await servers[side].restart();
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('"retry":1') });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    const { runId }: { runId: string } = JSON.parse(stdout);
    const tracking = hop === 'copy' ? pipeline.copyTracking : pipeline.loadTracking;
    const attempts = await tracking.history({ runId });
    expect(attempts.length).toBeGreaterThan(1);
    expect(attempts.map(({ status }) => status)).toEqual(['success', ...attempts.slice(1).map(() => 'failed')]);
    await pipeline.expectEqual('visit');
  },
);

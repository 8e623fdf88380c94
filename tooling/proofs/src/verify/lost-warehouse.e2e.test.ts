import { setTimeout as sleep } from 'node:timers/promises';

import { tcpProxy } from '@tidemark/testkit';
import { openLoadTracking } from '@tidemark/tracking';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openPipeline, type Pipeline } from '../pipeline.ts';
import { verify } from './verify.ts';

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

/** Until somebody waits for a table of raw: only the comparison reads it. */
async function untilAwaited(table: string): Promise<void> {
  const waiting = `SELECT 1 FROM pg_locks WHERE relation = 'raw.${table}'::regclass AND NOT granted`;
  while ((await pipeline.warehouse.query(waiting)).length === 0) await sleep(20);
}

test(
  'a warehouse that is lost before anybody has asked for its first row ends the table, not the process',
  { timeout: 20_000 },
  async () => {
    const { source, replica, warehouse } = pipeline;
    await source.exec('CREATE TABLE held (id int NOT NULL PRIMARY KEY); INSERT INTO held VALUES (1), (2)');
    await pipeline.run('held');
    await using toReplica = await tcpProxy(replica.endpoint);
    await using toWarehouse = await tcpProxy(warehouse.endpoint);
    const { host, port } = toWarehouse;
    const loadTracking = await openLoadTracking({ ...warehouse.endpoint, host, port }, { schema: 'raw' });
    await warehouse.exec('BEGIN; LOCK TABLE raw.held IN ACCESS EXCLUSIVE MODE');
    const verified = verify({ ...pipeline, loadTracking }, 'held', {
      replica: { ...replica.endpoint, host: toReplica.host, port: toReplica.port },
      // The digests are there and the streams begin: the replica sends no row, so that raw's are not asked for.
      onProgress: () => toReplica.stall(),
    }).catch((error: unknown) => error);
    await untilAwaited('held');
    toWarehouse.cut();
    await warehouse.exec('COMMIT');
    await toReplica.resume();
    expect(await verified).toMatchObject({ code: 'CONNECTION_LOST', table: 'held' });
    await loadTracking.close();
    expect((await verify(pipeline, 'held')).verification).toMatchObject({ verdict: 'match', warehouseRows: 2 });
  },
);

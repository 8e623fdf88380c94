import { startMysql, type RunningMysqlServer } from '@tidemark/testkit';
import { afterAll, beforeAll, describe } from 'vitest';

import { copyScene, unmigratedReplica } from './testing/copy-scene.ts';
import { replicaContract } from './testing/replica-contract.ts';

/** MySQL itself, in a strict mode and a zone that is not UTC: its DDL and its JSON are not MariaDB's. */
describe('copy tracking on MySQL', () => {
  let server: RunningMysqlServer;
  beforeAll(async () => {
    server = await startMysql({ name: 'MySQL replica', flavor: 'mysql', timezone: 'America/Chicago' });
  }, 180_000);
  afterAll(() => server.stop());

  replicaContract({ create: () => copyScene(server), createUnmigrated: () => unmigratedReplica(server) });
});

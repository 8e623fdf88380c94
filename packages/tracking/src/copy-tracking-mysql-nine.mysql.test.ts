import { startMysql, type RunningMysqlServer } from '@tidemark/testkit';
import { afterAll, beforeAll, describe } from 'vitest';

import { copyScene, unmigratedReplica } from './testing/copy-scene.ts';
import { replicaContract } from './testing/replica-contract.ts';

/** Changes quoting, escaping and what a time may be: a session must not depend on the server's mode. */
const SQL_MODE = 'ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,TRADITIONAL';

/** MySQL itself, in a zone that is not UTC: its DDL and its JSON are not MariaDB's. */
describe('copy tracking on MySQL', () => {
  let server: RunningMysqlServer;
  beforeAll(async () => {
    server = await startMysql({
      name: 'MySQL replica',
      flavor: 'mysql',
      timezone: 'America/Chicago',
      sqlMode: SQL_MODE,
    });
  }, 180_000);
  afterAll(() => server.stop());

  replicaContract({ create: () => copyScene(server), createUnmigrated: () => unmigratedReplica(server) });
});

import { startMysqlIfAny } from '@tidemark/testkit';
import { afterAll, describe } from 'vitest';

import { copyScene, unmigratedReplica } from './testing/copy-scene.ts';
import { replicaContract } from './testing/replica-contract.ts';

/** Changes quoting, escaping and what a time may be: a session must not depend on the server's mode. */
const SQL_MODE = 'ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,TRADITIONAL';

/** MySQL itself, in a zone that is not UTC: its DDL and its JSON are not MariaDB's. */
const server = await startMysqlIfAny({
  name: 'MySQL replica',
  flavor: 'mysql',
  timezone: 'America/Chicago',
  sqlMode: SQL_MODE,
});

afterAll(() => server?.stop());

if (server) {
  describe('copy tracking on MySQL', () => {
    replicaContract({ create: () => copyScene(server), createUnmigrated: () => unmigratedReplica(server) });
  });
} else describe.todo('copy tracking on MySQL: no MySQL can be had on this machine');

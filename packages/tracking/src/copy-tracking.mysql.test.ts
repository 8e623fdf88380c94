import { testServers } from '@tidemark/testkit';
import { describe } from 'vitest';

import { copyScene, unmigratedReplica } from './testing/copy-scene.ts';
import { replicaContract } from './testing/replica-contract.ts';

describe('copy tracking on the replica server', () => {
  replicaContract({
    create: () => copyScene(testServers().replica),
    createUnmigrated: () => unmigratedReplica(testServers().replica),
  });
});

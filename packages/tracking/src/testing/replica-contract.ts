import { describe, expect, it } from 'vitest';

import { openCopyTracking, type CopySession } from '../index.ts';
import { execute } from './copy-scene.ts';
import { costContract } from './cost-contract.ts';
import { migrationContract, type Unmigrated } from './migration-contract.ts';
import { replicaTakeover } from './replica-takeover.ts';
import { errorOf, failure, runStart, success, TABLE, type Scene, type Session } from './scene.ts';
import { pruningContract } from './pruning-contract.ts';
import { seedContract } from './seed-contract.ts';
import { sessionContract } from './session-contract.ts';

export interface ReplicaUnderTest {
  readonly create: () => Promise<Scene>;
  readonly createUnmigrated: () => Promise<Unmigrated>;
}

/** All that must hold on every server that may be a replica. */
export function replicaContract(under: ReplicaUnderTest): void {
  sessionContract({ hop: 'copy', create: under.create });
  pruningContract({ hop: 'copy', create: under.create });
  seedContract(under.create);
  costContract({ hop: 'copy', create: under.create });
  describe('migrations', () => {
    migrationContract(under.createUnmigrated);
    replicaTakeover(under.createUnmigrated);
  });

  describe('chunks of a first copy', () => {
    it('move rows and resume point together, and nothing else', async () => {
      await using scene = await under.create();
      const session = copySession(await scene.tracking.openSession());
      const start = runStart();
      await session.lock(TABLE);
      await session.recordStart(start);
      await session.commitChunk(TABLE, async () => {
        await scene.insert(session, 1);
        return { resume: '{"after":["1"]}' };
      });
      expect(await session.state(TABLE)).toMatchObject({
        resume: '{"after":["1"]}',
        status: 'pending',
        succeeded: false,
        lastSucceededAt: null,
      });
      const chunk = session.commitChunk(TABLE, async () => {
        await scene.insert(session, 2);
        throw failure();
      });
      expect((await errorOf(chunk)).code).toBe('STORAGE_FULL');
      await session.recordFailure(TABLE, start.runId, failure());
      expect(await scene.rows()).toEqual([1]);
      expect(await session.state(TABLE)).toMatchObject({ resume: '{"after":["1"]}', status: 'failed' });
      await session.recordStart(start);
      await session.commit(TABLE, start.runId, async () => success());
      expect(await session.state(TABLE)).toMatchObject({ resume: null, status: 'success' });
      await session.release();
    });
  });

  describe('the connection of the rows', () => {
    it('shows DDL within the work, which would commit rows without their tracking', async () => {
      await using scene = await under.create();
      const session = await scene.tracking.openSession();
      const start = runStart();
      await session.lock(TABLE);
      await session.recordStart(start);
      const run = session.commit(TABLE, start.runId, async () => {
        await scene.insert(session, 1);
        await execute(session, 'CREATE TABLE by_mistake (id INT)');
        return success();
      });
      expect((await errorOf(run)).message).toContain('DDL');
      expect(await scene.tracking.state(TABLE)).toBeNull();
      await session.release();
    });

    it('records a failure though the pool had no connection but the broken one', async () => {
      await using scene = await under.create();
      const { endpoint } = scene.database;
      const narrow = await openCopyTracking(endpoint, { poolSize: 1 });
      const session = await narrow.openSession();
      const start = runStart();
      await session.lock(TABLE);
      await session.recordStart(start);
      await scene.kill(session);
      await session.recordFailure(TABLE, start.runId, failure('CONNECTION_LOST'));
      await session.release();
      expect(await narrow.state(TABLE)).toMatchObject({ status: 'failed', lastError: 'CONNECTION_LOST' });
      await narrow.close();
    });

    it('is in UTC and gives big numbers and times as text', async () => {
      await using scene = await under.create();
      const session = copySession(await scene.tracking.openSession());
      const row = await new Promise((resolve, reject) => {
        session.connection.query(
          "SELECT @@session.time_zone AS zone, 9223372036854775807 AS big, TIMESTAMP '0001-01-01 00:00:00' AS early",
          (error, rows) => (error ? reject(error) : resolve(Array.isArray(rows) ? rows[0] : rows)),
        );
      });
      expect(row).toEqual({ zone: '+00:00', big: '9223372036854775807', early: '0001-01-01 00:00:00' });
      await session.release();
    });
  });

  it('says what is wrong with a connection, and no password', async () => {
    await using scene = await under.create();
    const { endpoint } = scene.database;
    const denied = await errorOf(openCopyTracking({ ...endpoint, password: 'S3cret-wrong' }));
    expect(denied.code).toBe('ACCESS_DENIED');
    const missing = await errorOf(openCopyTracking({ ...endpoint, database: `${endpoint.database}_x` }));
    expect(missing.code).toBe('DATABASE_MISSING');
    const silent = await errorOf(openCopyTracking({ ...endpoint, port: 1 }));
    expect(silent.code).toBe('SERVER_UNREACHABLE');
    for (const error of [denied, missing, silent]) {
      expect(`${error.message} ${error.hint} ${error.stack}`).not.toMatch(/S3cret|mysql:\/\//);
    }
  });
}

function copySession(session: Session): CopySession {
  if ('commitChunk' in session) return session;
  throw new Error('this is a session of the load hop');
}

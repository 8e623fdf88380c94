import { setTimeout as sleep } from 'node:timers/promises';

import { createMysqlDatabase, type MysqlServer } from '@tidemark/testkit';
import { describe, expect, test } from 'vitest';

import { ownServers } from '../test/other-servers.ts';
import { openRoom, type Room } from '../test/room.ts';
import { openMysqlSession } from './open-session.ts';
import { readClock, readOldestTransactionAge, systemTimeToUtc } from './read-clock.ts';

/** Nobody else may be on these servers: their zone is changed, and no other transaction may be open. */
async function onEach(work: (room: Room, server: MysqlServer) => Promise<void>): Promise<void> {
  for (const { server } of ownServers()) {
    await using room = await openRoom(server);
    await work(room, server);
  }
}

/** Milliseconds of a time of the server, taken for UTC. */
function millis(text: string): number {
  return Date.parse(`${text.replace(' ', 'T').slice(0, 23)}Z`);
}

/** Sets the server's own time zone for a while, as new connections see it. */
async function withGlobalZone(room: Room, zone: string, work: () => Promise<void>): Promise<void> {
  const before = room.session.facts.globalTimeZone;
  await room.database.query('SET GLOBAL time_zone = ?', [zone]);
  try {
    await work();
  } finally {
    await room.database.query('SET GLOBAL time_zone = ?', [before]);
  }
}

describe('the clock', () => {
  test('of every server: UTC, and what its applications see as now', async () => {
    await onEach(async (room, server) => {
      await using fresh = await createMysqlDatabase(server);
      const clock = await readClock(room.session);
      const [now] = await fresh.query<{ now: string }>('SELECT NOW(6) AS now');
      expect(clock.utc).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
      expect(clock.wall).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
      expect(Math.abs(millis(clock.utc) - Date.now())).toBeLessThan(5000);
      expect(Math.abs(millis(clock.wall) - millis(now?.now ?? ''))).toBeLessThan(5000);
    });
  });

  test('of a practice in Chicago is five or six hours behind UTC', async () => {
    await onEach(async ({ session }) => {
      const { utc, wall } = await readClock(session);
      expect([5, 6]).toContain((millis(utc) - millis(wall)) / 3_600_000);
    });
  });

  test('follows the zone that the server is set to, not that of the session', async () => {
    await onEach(async (room) => {
      await withGlobalZone(room, '+09:30', async () => {
        await room.session.execute("SET SESSION time_zone = '-03:00'");
        const { utc, wall } = await readClock(room.session);
        expect(millis(wall) - millis(utc)).toBe(9.5 * 3_600_000);
        expect(Math.abs(millis(utc) - Date.now())).toBeLessThan(5000);
      });
    });
  });
});

describe('the oldest open transaction', () => {
  test('that may write has an age; one that only reads has none, nor has a session without one', async () => {
    await onEach(async (room, server) => {
      await room.database.exec('CREATE TABLE t (id INT PRIMARY KEY) ENGINE=InnoDB');
      await using reader = await openRoom(server);
      await reader.session.execute('START TRANSACTION READ ONLY');
      await reader.session.query(`SELECT COUNT(*) AS n FROM ${room.database.endpoint.database}.t`);
      expect(await readOldestTransactionAge(room.session)).toBeNull();

      await room.database.exec("SET SESSION time_zone = '+05:30'; START TRANSACTION; INSERT INTO t VALUES (1)");
      await sleep(2100);
      const age = await readOldestTransactionAge(room.session);
      expect(age).toBeGreaterThanOrEqual(2);
      expect(age).toBeLessThan(20);
      await withGlobalZone(reader, '-07:00', async () => {
        expect(await readOldestTransactionAge(room.session)).toBeLessThan(20);
      });

      await room.database.exec('COMMIT');
      // The server answers from memory for a tenth of a second.
      await sleep(300);
      expect(await readOldestTransactionAge(room.session)).toBeNull();
    });
  });

  test('is our own business only if it is another session', async () => {
    await onEach(async ({ session }) => {
      await session.execute('CREATE TABLE t (id INT PRIMARY KEY) ENGINE=InnoDB');
      await session.execute('START TRANSACTION');
      await session.execute('INSERT INTO t VALUES (1)');
      expect(await readOldestTransactionAge(session)).toBeNull();
    });
  });

  test('is not known to a user without the PROCESS right', async () => {
    await onEach(async (room, server) => {
      const { database } = room.database.endpoint;
      const user = `u_${database.slice(-12)}`;
      await room.database.exec(`CREATE USER '${user}'@'%' IDENTIFIED BY 'pw-Of-1-test';
        GRANT SELECT ON \`${database}\`.* TO '${user}'@'%'`);
      try {
        const session = await openMysqlSession(
          { ...server, user, password: 'pw-Of-1-test', database },
          { where: 'source' },
        );
        expect(await readOldestTransactionAge(session)).toBeNull();
        expect((await readClock(session)).utc).toMatch(/^\d{4}-/);
        await session.close();
      } finally {
        await room.database.exec(`DROP USER '${user}'@'%'`);
      }
    });
  });

  test('began at the earlier of the two moments that a time of the repeated hour means', async () => {
    await onEach(async ({ session }) => {
      const asUtc = async (local: string): Promise<string | null | undefined> => {
        const [row] = await session.query(
          `SELECT CAST(${systemTimeToUtc('local')} AS CHAR(19)) AS utc FROM (SELECT CAST(? AS DATETIME) AS local) AS given`,
          [local],
        );
        return row?.['utc'];
      };
      expect(await asUtc('2024-11-03 00:30:00')).toBe('2024-11-03 05:30:00');
      expect(await asUtc('2024-11-03 01:30:00')).toBe('2024-11-03 06:30:00');
      expect(await asUtc('2024-11-03 02:30:00')).toBe('2024-11-03 08:30:00');
      expect(await asUtc('2024-07-01 07:00:00')).toBe('2024-07-01 12:00:00');
      expect(await asUtc('2024-03-10 03:00:00')).toBe('2024-03-10 08:00:00');
    });
  });
});

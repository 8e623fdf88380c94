import { describe, expect, test } from 'vitest';
import { createMysqlDatabase, createPostgresDatabase, testServers } from '../index.ts';

describe('createMysqlDatabase', () => {
  test('gives an empty database whose values are exact text', async () => {
    await using database = await createMysqlDatabase(testServers().replica);
    await database.exec(`
      CREATE TABLE t (id BIGINT UNSIGNED PRIMARY KEY, paid DECIMAL(20,4), stamp DATETIME(6), day DATE);
      INSERT INTO t VALUES (18446744073709551615, 0.1000, '2024-03-10 02:30:00.123456', '2024-01-31');
    `);
    expect(await database.query('SELECT * FROM t WHERE id > ?', [1])).toEqual([
      { id: '18446744073709551615', paid: '0.1000', stamp: '2024-03-10 02:30:00.123456', day: '2024-01-31' },
    ]);
  });

  test('keeps session settings from one statement to the next', async () => {
    await using database = await createMysqlDatabase(testServers().source);
    await database.exec("SET time_zone = '+05:00'");
    expect(await database.query('SELECT @@time_zone AS zone')).toEqual([{ zone: '+05:00' }]);
  });

  test('is dropped even when somebody left a transaction open', async () => {
    const { replica } = testServers();
    await using other = await createMysqlDatabase(replica);
    let name = '';
    {
      await using database = await createMysqlDatabase(replica, 'dropped');
      name = database.endpoint.database;
      await database.exec('CREATE TABLE t (id INT)');
      await other.exec(`USE ${name}; BEGIN; INSERT INTO t VALUES (1)`);
    }
    await using observer = await createMysqlDatabase(replica);
    expect(await observer.query('SHOW DATABASES LIKE ?', [name])).toEqual([]);
  });
});

describe('createPostgresDatabase', () => {
  test('gives an empty database whose values are exact text', async () => {
    await using database = await createPostgresDatabase(testServers().warehouse);
    await database.exec(`
      SET timezone = 'UTC';
      CREATE TABLE t (id bigint, paid numeric, stamp timestamp, at timestamptz, day date);
      INSERT INTO t VALUES (9223372036854775807, 0.1000, '2024-03-10 02:30:00.123456', '2024-01-31 00:00Z', '2024-01-31');
    `);
    expect(await database.query('SELECT * FROM t WHERE id > $1', [1])).toEqual([
      {
        id: '9223372036854775807',
        paid: '0.1000',
        stamp: '2024-03-10 02:30:00.123456',
        at: '2024-01-31 00:00:00+00',
        day: '2024-01-31',
      },
    ]);
  });

  test('is dropped even when somebody is connected', async () => {
    const { warehouse } = testServers();
    await using observer = await createPostgresDatabase(warehouse);
    let name = '';
    {
      await using database = await createPostgresDatabase(warehouse, 'dropped');
      name = database.endpoint.database;
      await using connected = await createPostgresDatabase(warehouse);
      await connected.query('SELECT 1');
      await database.exec('CREATE TABLE t (id int); BEGIN; INSERT INTO t VALUES (1)');
    }
    expect(await observer.query('SELECT datname FROM pg_database WHERE datname = $1', [name])).toEqual([]);
  });
});

describe('the three servers', () => {
  test('each keep a time zone of their own, and the source is as lax as OpenDental wants it', async () => {
    const { source, replica, warehouse } = testServers();
    await using sourceDatabase = await createMysqlDatabase(source);
    await using replicaDatabase = await createMysqlDatabase(replica);
    await using warehouseDatabase = await createPostgresDatabase(warehouse);
    const [there] = await sourceDatabase.query<{ ahead: string; mode: string; charset: string }>(
      `SELECT TIMEDIFF(NOW(), UTC_TIMESTAMP()) AS ahead, @@sql_mode AS mode, @@character_set_database AS charset`,
    );
    expect(['-06:00:00', '-05:00:00']).toContain(there?.ahead);
    expect(there).toMatchObject({ mode: '', charset: 'utf8mb3' });
    expect(await replicaDatabase.query('SELECT TIMEDIFF(NOW(), UTC_TIMESTAMP()) AS ahead')).toEqual([
      { ahead: '00:00:00' },
    ]);
    expect(await warehouseDatabase.query('SHOW timezone')).toEqual([{ TimeZone: 'Asia/Kolkata' }]);
  });
});

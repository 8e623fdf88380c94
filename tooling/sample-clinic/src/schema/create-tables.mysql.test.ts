import { startMysqlIfAny, testServers } from '@tidemark/testkit';
import { describe, expect, test } from 'vitest';
import { countOf, emptyDatabase } from '../../test/test-clinic.ts';
import { buildClinic } from '../build/build-clinic.ts';
import { dayAtTheClinic } from '../day/day-at-the-clinic.ts';
import { createTables } from './create-tables.ts';

const TABLES = `SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()`;

test('the 68 tables are MyISAM in three-byte character sets, with zero-date defaults', async () => {
  await using database = await emptyDatabase(testServers().source);
  const { connection } = database;
  await createTables(connection);
  expect(await countOf(connection, `${TABLES} AND ENGINE = 'MyISAM' AND TABLE_COLLATION LIKE 'utf8%'`)).toBe(68);
  expect(await countOf(connection, `${TABLES} AND TABLE_COLLATION LIKE 'utf8mb4%'`)).toBe(0);
  expect(
    await countOf(
      connection,
      `SELECT COUNT(*) FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_DEFAULT LIKE '%0000-00-00%'`,
    ),
  ).toBe(9);
  expect(
    await countOf(
      connection,
      `SELECT COUNT(*) FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = DATABASE() AND EXTRA LIKE '%on update%'`,
    ),
  ).toBe(35);
});

test('the preference table is there when a version is given', async () => {
  await using database = await emptyDatabase(testServers().source);
  await createTables(database.connection, { dataBaseVersion: '24.1.60.0' });
  expect(await countOf(database.connection, TABLES)).toBe(69);
  expect(
    await countOf(
      database.connection,
      `SELECT COUNT(*) FROM preference WHERE PrefName = 'DataBaseVersion' AND ValueString = '24.1.60.0'`,
    ),
  ).toBe(1);
});

describe.each(['mysql:9.7', 'mysql:5.6'])('%s', (image) => {
  test.for(['MyISAM', 'InnoDB'] as const)('takes tables, history and a day of work in %s', async (engine, context) => {
    await using server = await startMysqlIfAny({ name: image, flavor: 'mysql', image });
    if (server === null) {
      context.skip('no MySQL can be had on this machine');
      return;
    }
    await using database = await emptyDatabase(server);
    const { connection } = database;
    const counts = await buildClinic(connection, { seed: 3, patients: 20, engine });
    expect(await countOf(connection, `${TABLES} AND ENGINE = ?`, [engine])).toBe(68);
    const account = await dayAtTheClinic(connection, { seed: 3, day: 1 });
    const payments = account['payment'];
    expect(await countOf(connection, 'SELECT COUNT(*) FROM payment')).toBe(
      (counts['payment'] ?? 0) + (payments?.inserted ?? 0) - (payments?.deleted ?? 0),
    );
  });
});

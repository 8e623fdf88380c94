import { expect, it } from 'vitest';

import type { Unmigrated } from './migration-contract.ts';
import { timeText } from '../time-text.ts';
import { asText, errorOf } from './scene.ts';

/** Tables as others have made them, with rows. Each holds `patient` (success) and `claim` (pending). */
const STARTING_STATES = {
  /** The plan's DDL, with the one change without which no server takes it. */
  'the plan, in DATETIME': `
    CREATE TABLE etl_copy_status (
      id INT AUTO_INCREMENT PRIMARY KEY,
      table_name VARCHAR(255) NOT NULL UNIQUE,
      last_copied DATETIME NOT NULL DEFAULT '1969-01-01 00:00:00',
      rows_copied INT DEFAULT 0,
      copy_status VARCHAR(50) DEFAULT 'pending',
      _created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
      _updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
    );
    CREATE INDEX idx_etl_copy_status_last_copied ON etl_copy_status (last_copied);`,
  'the older pipeline, in TIMESTAMP': `
    CREATE TABLE etl_copy_status (
      id INT AUTO_INCREMENT PRIMARY KEY,
      table_name VARCHAR(255) NOT NULL UNIQUE,
      last_copied TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:01',
      last_primary_value VARCHAR(255) NULL,
      primary_column_name VARCHAR(255) NULL,
      rows_copied INT DEFAULT 0,
      copy_status VARCHAR(50) DEFAULT 'pending',
      _created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
      _updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
    ) ENGINE=InnoDB ROW_FORMAT=COMPACT DEFAULT CHARSET=utf8mb3;
    CREATE INDEX idx_etl_copy_status_table_name ON etl_copy_status (table_name);
    CREATE INDEX idx_etl_copy_status_primary_value ON etl_copy_status (last_primary_value);`,
  'MyISAM, no id, nullable time, a column of its own': `
    CREATE TABLE etl_copy_status (
      table_name VARCHAR(190) NOT NULL PRIMARY KEY,
      last_copied TIMESTAMP NULL,
      extraction_owner VARCHAR(20) NOT NULL,
      rows_copied INT UNSIGNED,
      copy_status VARCHAR(20)
    ) ENGINE=MyISAM DEFAULT CHARSET=latin1;`,
  'a table without any key, whose id does not count': `
    CREATE TABLE etl_copy_status (id INT, table_name TEXT, last_copied DATETIME(3), rows_copied DOUBLE, copy_status TEXT);`,
};

export function replicaTakeover(create: () => Promise<Unmigrated>): void {
  it.each(Object.entries(STARTING_STATES))('takes over %s', async (_, ddl) => {
    await using scene = await create();
    const { database, tracking } = scene;
    await database.exec("SET time_zone = '+00:00', sql_mode = ''");
    await database.exec(ddl);
    await database.exec(`
      INSERT INTO etl_copy_status (table_name, last_copied, rows_copied, copy_status)
      VALUES ('patient', '2025-10-26 06:30:00', 35000, 'success'), ('claim', DEFAULT, 0, 'in_progress')`);
    const before = await database.query('SELECT * FROM etl_copy_status ORDER BY table_name');

    await tracking.migrate();
    await tracking.requireCurrent();
    const after = await database.query('SELECT * FROM etl_copy_status ORDER BY table_name');
    expect(after).toHaveLength(2);
    for (const [index, row] of before.entries()) {
      // The server moves `_updated_at` itself when it fills a row's missing time; a missing number is given.
      const { last_copied: lastCopied, ...rest } = {
        ...row,
        last_copied: row['last_copied'],
        _updated_at: after[index]?.['_updated_at'] ?? null,
        id: row['id'] ?? after[index]?.['id'],
      };
      expect(allAsText(after[index])).toMatchObject(allAsText(rest));
      const expected = asText(lastCopied) ?? '1969-01-01 00:00:00';
      expect(after[index]?.['last_copied']).toBe(timeText(expected));
    }
    await expectCurrent(scene);

    const columns = await schemaOf(scene);
    await database.exec('DROP TABLE tidemark_migrations');
    await tracking.migrate();
    expect(await schemaOf(scene)).toEqual(columns);
    expect(await database.query('SELECT * FROM etl_copy_status ORDER BY table_name')).toEqual(after);
  });

  it('refuses a table that holds a name twice, and keeps both rows', async () => {
    await using scene = await create();
    await scene.database.exec(`
      CREATE TABLE etl_copy_status (id INT AUTO_INCREMENT PRIMARY KEY, table_name VARCHAR(255));
      INSERT INTO etl_copy_status (table_name) VALUES ('patient'), ('patient')`);
    const error = await errorOf(scene.tracking.migrate());
    expect(error).toMatchObject({ code: 'DUPLICATE_KEY', table: 'etl_copy_status' });
    expect(await scene.database.query('SELECT * FROM etl_copy_status')).toHaveLength(2);
  });

  it('refuses a view of that name', async () => {
    await using scene = await create();
    await scene.database.exec('CREATE VIEW etl_copy_status AS SELECT 1 AS id');
    expect((await errorOf(scene.tracking.migrate())).code).toBe('SCHEMA_INCOMPATIBLE');
  });
}

function allAsText(row: Record<string, unknown> = {}): Record<string, string | null> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)]));
}

/** The taken-over table works like a new one. */
async function expectCurrent({ database, tracking }: Unmigrated): Promise<void> {
  const [table] = await database.query(
    `SELECT LOWER(engine) AS engine FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name = 'etl_copy_status'`,
  );
  expect(table).toEqual({ engine: 'innodb' });
  expect(await tracking.state('patient')).toMatchObject({ status: 'pending', succeeded: false, rows: 35_000 });
  expect(await tracking.state('claim')).toMatchObject({ status: 'pending', lastSucceededAt: null });
  expect(await tracking.records()).toEqual([
    { table: 'claim', writtenBy: 'older', state: 'running', lastSucceededAt: null, rows: 0 },
    {
      table: 'patient',
      writtenBy: 'older',
      state: 'success',
      lastSucceededAt: '2025-10-26T06:30:00.000000Z',
      rows: 35_000,
    },
  ]);
  expect(await tracking.seedPending(['patient', 'Patient'])).toEqual({ created: ['Patient'], existing: ['patient'] });
  await database.exec("DELETE FROM etl_copy_status WHERE table_name = 'Patient'");
  const types = await database.query(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'etl_copy_status'
       AND column_name IN ('last_copied', 'rows_copied') ORDER BY column_name`,
  );
  expect(types).toEqual([
    { name: 'last_copied', type: 'datetime' },
    { name: 'rows_copied', type: 'bigint' },
  ]);
}

async function schemaOf({ database }: Unmigrated): Promise<unknown> {
  const columns = await database.query(
    `SELECT table_name AS t, column_name AS c, column_type AS ty, is_nullable AS n, column_default AS d
     FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name LIKE 'etl%'
     ORDER BY table_name, ordinal_position`,
  );
  const indexes = await database.query(
    `SELECT table_name AS t, index_name AS i, column_name AS c FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name LIKE 'etl%' ORDER BY 1, 2, seq_in_index`,
  );
  return { columns, indexes };
}

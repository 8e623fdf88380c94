import { createPostgresDatabase, testServers } from '@tidemark/testkit';
import { openLoadTracking } from '@tidemark/tracking';
import { expect, it } from 'vitest';

import { countRepeatedKeys } from './count-repeated-keys.ts';

it('believes a valid unique index, and counts where there is none', async () => {
  await using database = await createPostgresDatabase(testServers().warehouse);
  const tracking = await openLoadTracking(database.endpoint);
  const session = await tracking.openSession();
  try {
    await database.exec(`
      CREATE SCHEMA raw;
      CREATE TABLE raw.guarded ("ANum" bigint PRIMARY KEY, "B" text);
      INSERT INTO raw.guarded VALUES (1, 'a'), (2, 'a');
      CREATE TABLE raw.open ("ANum" bigint, "B" text);
      INSERT INTO raw.open VALUES (1, 'a'), (1, 'a'), (1, 'b'), (2, 'a'), (2, 'b'), (3, 'a');
      CREATE UNIQUE INDEX ON raw.open ("ANum") WHERE "ANum" > 2;
      CREATE TABLE raw.wider ("ANum" bigint, "B" text, UNIQUE ("ANum", "B"));
      INSERT INTO raw.wider VALUES (1, 'a'), (1, 'b');
      CREATE VIEW raw.view AS SELECT 1 AS "ANum"`);
    const of = (table: string, key: string[] = ['ANum']) =>
      countRepeatedKeys(session.client, tracking.schema, { table, key });
    expect(await of('guarded')).toEqual({ table: 'guarded', by: 'unique_index', keys: 0, surplusRows: 0 });
    // A partial index guards nothing.
    expect(await of('open')).toEqual({ table: 'open', by: 'count', keys: 2, surplusRows: 3 });
    // Nor does one over more columns than the key; over the key in another order it does.
    expect(await of('wider')).toEqual({ table: 'wider', by: 'count', keys: 1, surplusRows: 1 });
    expect(await of('wider', ['B', 'ANum'])).toMatchObject({ by: 'unique_index' });
    expect(await of('gone')).toEqual({ table: 'gone', by: 'absent' });
    expect(await of('view')).toMatchObject({ by: 'unknown', why: expect.stringContaining('not a table') });
    expect(await of('open', ['Nope'])).toMatchObject({ by: 'unknown', why: 'raw lacks the key column Nope' });
  } finally {
    await session.release();
    await tracking.close();
  }
});

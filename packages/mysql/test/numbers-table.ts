import type { TestDatabase } from '@tidemark/testkit';

const DIGITS =
  '(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)';

/** Fills table `numbers` (id BIGINT, note VARCHAR) with the ids 1 to `rows` and notes of `noteBytes` bytes. */
export async function createNumbers(database: TestDatabase, rows: number, noteBytes: number): Promise<void> {
  await database.exec('CREATE TABLE numbers (id BIGINT NOT NULL PRIMARY KEY, note VARCHAR(2000) NOT NULL)');
  const places = [0, 1, 2, 3, 4, 5];
  const id = places.map((place) => `p${place}.d * ${10 ** place}`).join(' + ');
  const from = places.map((place) => `${DIGITS} AS p${place}`).join(', ');
  await database.query(
    `INSERT INTO numbers SELECT id, REPEAT('n', ?) FROM (SELECT ${id} + 1 AS id FROM ${from}) AS ids WHERE id <= ?`,
    [noteBytes, rows],
  );
}

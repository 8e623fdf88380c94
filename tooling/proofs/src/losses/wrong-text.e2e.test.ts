import { copyFileSync, existsSync } from 'node:fs';

import { expect, test } from 'vitest';

import { verify } from '../verify/verify.ts';
import { outcomeOf } from '../races/outcome-of.ts';
import type { Asked } from '../pipeline.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline } = sharedPipeline();

const DIGEST: Asked = { plan: { strategy: 'digest' } };

/** Text, then what is no UTF-8: a lone byte, a sequence that ends early, one too long, a NUL within. */
const BYTES = ['c3a4', '414243', 'ff', '61c3', 'f8a1a1a1a1', '6100c3'];

/** The columns of a MyISAM row are of one form on the disk when they have as many bytes, whatever their charset is. */
const columns = (charset: string, bytes: number): string => `
  Num int NOT NULL PRIMARY KEY, Note varchar(${charset === 'latin1' ? bytes : 20}) CHARACTER SET ${charset} NOT NULL,
  Memo text CHARACTER SET ${charset}, Raw varbinary(20)`;

/**
 * A table that holds wrong bytes in its texts, which no statement of today's servers puts there: its file is that of a
 * latin1 table.
 *
 * @returns false where the files of the source are not at hand
 */
async function createWrong(table: string, charset: string, bytes: number): Promise<boolean> {
  const { source } = pipeline();
  const rows = BYTES.map((hex, n) => `(${n + 1}, x'${hex}', x'${hex}', x'${hex}')`);
  await source.exec(
    `CREATE TABLE ${table} (${columns(charset, bytes)}) ENGINE=MyISAM ROW_FORMAT=DYNAMIC;
     CREATE TABLE ${table}_bytes (${columns('latin1', bytes)}) ENGINE=MyISAM ROW_FORMAT=DYNAMIC;
     INSERT INTO ${table}_bytes VALUES ${rows.join(', ')}; FLUSH TABLES ${table}, ${table}_bytes`,
  );
  const [where] = await source.query<{ folder: string }>('SELECT CONCAT(@@datadir, DATABASE()) AS folder');
  const file = `${where?.folder ?? ''}/${table}`;
  if (!existsSync(`${file}.MYD`)) return false;
  for (const part of ['MYD', 'MYI']) copyFileSync(`${file}_bytes.${part}`, `${file}.${part}`);
  await source.exec(`FLUSH TABLES ${table}`);
  return true;
}

test.for([
  ['latin1', 20],
  ['utf8mb3', 60],
] as const)(
  'wrong bytes in %s arrive as the source sends them to everybody, and binary ones as they are',
  async ([charset, bytes], { skip }) => {
    const table = `wrong_${charset}`;
    if (!(await createWrong(table, charset, bytes))) skip('the files of the source are not at hand');
    await pipeline().run(table, DIGEST);
    expect((await verify(pipeline(), table, DIGEST)).verification).toMatchObject({ verdict: 'match' });
    const again = await pipeline().run(table, DIGEST);
    expect(again.copy.counts).toMatchObject({ rowsInserted: 0, rowsUpdated: 0 });
    const raw = await pipeline().warehouse.query<{ bytes: string }>(
      `SELECT encode("Raw", 'hex') AS bytes FROM raw.${table} ORDER BY "Num"`,
    );
    expect(raw.map((row) => row.bytes)).toEqual(BYTES);
  },
);

// explain-refusal.ts
test('wrong bytes in utf8mb4 are refused, and the statement that is told finds their rows', async ({ skip }) => {
  if (!(await createWrong('wrong_utf8mb4', 'utf8mb4', 80))) skip('the files of the source are not at hand');
  const outcome = await outcomeOf(pipeline().copy('wrong_utf8mb4', DIGEST));
  expect(outcome).toMatchObject({ code: 'VALUE_REFUSED', message: expect.stringContaining('not valid UTF-8') });
  const [, sql = ''] = /`(SELECT .*)` and have/.exec(outcome.code === null ? '' : outcome.hint) ?? [];
  const found = await pipeline().source.query<{ Num: number }>(sql);
  expect(found.map(({ Num }) => Num)).toEqual([3, 4, 5, 6]);
  await pipeline().source.exec('UPDATE wrong_utf8mb4 SET Note = Num, Memo = NULL WHERE Num > 2');
  await pipeline().run('wrong_utf8mb4', DIGEST);
  await pipeline().expectEqual('wrong_utf8mb4');
});

import { describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline } = sharedPipeline();

const NAMES: readonly (readonly [kind: string, name: string])[] = [
  ['an SQL word', 'select'],
  ['another', 'Order'],
  ['spaces', ' two words'],
  ['a single quote', "it's"],
  ['double quotes', 'say "no"'],
  ['backticks', 'a`b``c'],
  ['a backslash', 'c:\\new\\table'],
  ['placeholders', 'paid? $1 :name %s'],
  ['what SQL takes for a comment', 'a -- b /* c */ # d;'],
  ['no ASCII', 'größe_日本_ключ'],
  ['dots and slashes', 'a.b/c'],
  ['case only', 'CamelCase'],
  ['64 characters', `x${'abcdefghi_'.repeat(6)}end`],
  ['64 characters of three bytes', '患'.repeat(64)],
  ['a name Tidemark uses itself', 's'],
  ['a number', '2026'],
];

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

// quote-mysql-identifier.ts, postgres-name.ts
test('columns of every name, as key, as stamp and as value', async () => {
  const [keys, stamps, values] = ['k', 'd', 'v'].map((letter) => NAMES.map(([, name]) => withLetter(name, letter)));
  const columns = [
    ...(keys ?? []).map((name) => `${quoted(name)} varchar(10) NOT NULL`),
    ...(stamps ?? []).map((name) => `${quoted(name)} datetime`),
    ...(values ?? []).map((name) => `${quoted(name)} varchar(20)`),
  ];
  const row = (n: number): string =>
    [...NAMES.map(() => `'${n}'`), ...NAMES.map(() => `'2026-03-01'`), ...NAMES.map(() => `'x'`)].join(', ');
  await pipeline().source.exec(
    `CREATE TABLE named (${columns.join(', ')}, PRIMARY KEY (${(keys ?? []).map(quoted).join(', ')})) ENGINE=MyISAM;
     INSERT INTO named VALUES ${NAMES.map((_, index) => `(${row(index)})`).join(', ')}, (${row(98)})`,
  );
  const asked: Asked = {
    plan: { incrementalColumns: stamps ?? [], lookbackSeconds: { '*': 0 } },
    copy: { batchRows: 5 },
  };
  await pipeline().run('named', asked);
  // Each row moves in another stamp, and changes in another value.
  for (const [index, name] of NAMES.entries()) {
    const [key, stamp, value] = [keys?.[index] ?? '', stamps?.[index] ?? '', values?.[index] ?? ''].map(quoted);
    await pipeline().source.exec(
      `UPDATE named SET ${stamp} = '2026-03-02', ${value} = 'y' WHERE ${key} = '${NAMES.indexOf(name)}'`,
    );
  }
  await pipeline().source.exec(`DELETE FROM named WHERE ${quoted(keys?.[0] ?? '')} = '98'`);
  const { copy, load } = await pipeline().run('named', asked);
  expect(copy).toMatchObject({ strategy: 'incremental', counts: { rowsUpdated: NAMES.length } });
  expect(load.counts.rowsUpdated).toBe(NAMES.length);
  await pipeline().run('named', { plan: { strategy: 'digest' } });
  await pipeline().expectEqual('named');
});

describe('tables whose names hold', () => {
  // A name of 64 times three bytes is longer than a file's may be.
  test.each(NAMES)('%s', async (kind, name) => {
    const table = kind === '64 characters of three bytes' ? name.slice(0, 30) : name;
    await pipeline().source.exec(
      `CREATE TABLE ${quoted(table)} (Num bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40),
         DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
       INSERT INTO ${quoted(table)} VALUES (1, 'a', '2026-03-01'), (2, 'b', '2026-03-01'), (3, 'c', '2026-03-01')`,
    );
    await pipeline().run(table);
    await pipeline().source.exec(
      `UPDATE ${quoted(table)} SET Note = 'changed' WHERE Num = 1; INSERT INTO ${quoted(table)} (Note) VALUES ('new');
       DELETE FROM ${quoted(table)} WHERE Num = 2`,
    );
    const { copy, load } = await pipeline().run(table, { copy: { digestEverySeconds: 0 } });
    expect([copy.strategy, load.strategy]).toEqual(['incremental', 'incremental']);
    expect(load.counts).toMatchObject({ rowsInserted: 1, rowsUpdated: 1, rowsDeleted: 1 });
    await pipeline().expectEqual(table);
    expect((await pipeline().states(table)).load).toMatchObject({ table, status: 'success', rows: 3 });
  });
});

/** The name with one letter in it exchanged, so that three columns differ and none is longer than 64 characters. */
function withLetter(name: string, letter: string): string {
  return `${letter}${name.slice(1)}`;
}

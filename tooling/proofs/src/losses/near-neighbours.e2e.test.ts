import { expect, test } from 'vitest';

import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline } = sharedPipeline();

/** Two values of a column, as SQL, that are as near to each other as the type allows, and not the same. */
type Neighbours = readonly [before: string, after: string];

const CASE_AND_SPACE: readonly Neighbours[] = [
  [`'abc'`, `'abC'`],
  [`'abc'`, `'ábc'`],
  [`'abc'`, `'abc '`],
  [`'ss'`, `'ß'`],
  [`''`, `' '`],
];
const BYTES: readonly Neighbours[] = [
  [`x'00'`, `x'0000'`],
  [`x'61'`, `x'6100'`],
  [`x'41'`, `x'61'`],
  [`x'20'`, `x'2020'`],
  [`x''`, `x'00'`],
  [`x'ff'`, `x'fe'`],
];

/** What a server prints the same, or a collation, a padding or a rounding holds for the same. */
const NEAR: Readonly<Record<string, readonly Neighbours[]>> = {
  float: [
    ['16777216', '16777218'],
    ['3.4028235e38', '3.4028233e38'],
    ['0.1', '0.10000001'],
    ['1.17549435e-38', '1.1754945e-38'],
  ],
  'float(7,3)': [['1234.567', '1234.568']],
  double: [
    ['0.1', '0.10000000000000002'],
    ['1.7976931348623157e308', '1.7976931348623155e308'],
    ['9007199254740992', '9007199254740994'],
    ['2.2250738585072014e-308', '2.225073858507202e-308'],
  ],
  'double(20,2)': [['123456789012.34', '123456789012.35']],
  'decimal(65,30)': [['1.000000000000000000000000000001', '1.000000000000000000000000000002']],
  'decimal(20,4)': [['-0.0001', '0.0000']],
  'bigint unsigned': [['18446744073709551615', '18446744073709551614']],
  bigint: [['9223372036854775807', '9223372036854775806']],
  'bit(64)': [[`b'1${'0'.repeat(63)}'`, `b'1${'0'.repeat(62)}1'`]],
  'bit(9)': [[`b'100000000'`, `b'000000000'`]],
  'varchar(40)': CASE_AND_SPACE,
  text: CASE_AND_SPACE,
  mediumtext: CASE_AND_SPACE,
  'char(10)': CASE_AND_SPACE.filter(([, after]) => !after.includes(`' '`) && !after.includes(`c '`)),
  'varchar(40) COLLATE utf8mb4_bin': CASE_AND_SPACE,
  'varbinary(20)': BYTES,
  'binary(4)': [
    [`x'00000000'`, `x'00000001'`],
    [`x'61000000'`, `x'61200000'`],
  ],
  blob: BYTES,
  longblob: BYTES,
  [`enum('a','b')`]: [[`'a'`, `'b'`]],
  [`set('x','y')`]: [[`'x'`, `'x,y'`]],
  json: [
    [`'{"a": 1}'`, `'{"a": 1.5}'`],
    [`'{"a": "x"}'`, `'{"a": "X"}'`],
    [`'[1, 2]'`, `'[2, 1]'`],
    [`'"1"'`, `'1'`],
    [`'null'`, `'false'`],
  ],
  'datetime(6)': [[`'2024-05-06 07:08:09.000001'`, `'2024-05-06 07:08:09.000002'`]],
  datetime: [[`'0001-01-01 00:00:00'`, `'0001-01-01 00:00:01'`]],
  'time(3)': [
    [`'00:00:00.001'`, `'-00:00:00.001'`],
    [`'838:59:58.999'`, `'838:59:59.000'`],
  ],
  'timestamp(6) NULL': [[`'2024-05-06 07:08:09.999999'`, `'2024-05-06 07:08:09.999998'`]],
  date: [[`'2024-02-29'`, `'2024-02-28'`]],
  year: [['1901', '2155']],
  geometry: [[`ST_GeomFromText('POINT(1 1)')`, `ST_GeomFromText('POINT(1 1.0000000000000002)')`]],
};

test.for(Object.entries(NEAR))('%s: a change to the nearest other value arrives', async ([type, pairs], { task }) => {
  const { source, replica } = pipeline();
  const table = `near_${task.id.replaceAll(/\W/g, '_')}`;
  await source.exec(`CREATE TABLE ${table} (Num int NOT NULL PRIMARY KEY, V ${type}, W ${type}) CHARSET utf8mb4`);
  for (const [at, [before]] of pairs.entries()) {
    await source.exec(`INSERT INTO ${table} VALUES (${at}, ${before}, NULL), (${at + 100}, NULL, ${before})`);
  }
  const asked = { plan: { strategy: 'digest' } } as const;
  await pipeline().run(table, asked);
  await pipeline().expectEqual(table);

  for (const [at, [, after]] of pairs.entries()) {
    await source.exec(`UPDATE ${table} SET V = ${after} WHERE Num = ${at}`);
    await source.exec(`UPDATE ${table} SET W = ${after} WHERE Num = ${at + 100}`);
  }
  const changed = await pipeline().run(table, asked);
  await pipeline().expectEqual(table);
  expect([changed.copy.counts, changed.load.counts]).toMatchObject(
    [2, 2].map((columns) => ({ rowsUpdated: columns * pairs.length, rowsInserted: 0, rowsDeleted: 0 })),
  );

  // The same in the replica, by other hands.
  for (const [at, [before]] of pairs.entries())
    await replica.exec(`UPDATE ${table} SET V = ${before} WHERE Num = ${at}`);
  const mended = await pipeline().run(table, asked);
  await pipeline().expectEqual(table);
  expect(mended.copy.counts).toMatchObject({ rowsUpdated: pairs.length });
  const again = await pipeline().run(table, asked);
  expect([again.copy.counts, again.load.counts]).toMatchObject([NOTHING, NOTHING]);
});

const NOTHING = { rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0 };

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openPipeline, type Pipeline } from '../pipeline.ts';
import { verify } from './verify.ts';

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

interface OlderType {
  /** Type in the source, and its values: what a server prints in another way than PostgreSQL among them. */
  readonly type: string;
  readonly values: readonly string[];
  /** The type that an older tool gave the raw column, which the load keeps. */
  readonly raw: string;
  /** Another value in that type. */
  readonly other: string;
}

const OLDER: Readonly<Record<string, OlderType>> = {
  flag: { type: 'tinyint(1) NOT NULL', values: ['0', '1'], raw: 'boolean', other: 'NOT v' },
  count: { type: 'int', values: ['-5', '1200000000', 'NULL'], raw: 'double precision', other: 'COALESCE(v, 0) + 0.5' },
  big: { type: 'bigint unsigned', values: ['18446744073709551615', '100'], raw: 'numeric', other: 'v - 1' },
  money: { type: 'decimal(10,2)', values: ['1.10', '-0.01', '100.00'], raw: 'numeric', other: 'v + 0.001' },
  price: { type: 'double', values: ['1.1', '1e20', '1e-7', '0.1e0 + 0.2e0'], raw: 'numeric', other: 'v + 1e-20' },
  share: { type: 'float', values: ['0.1', '1.2345678', '3.4e38'], raw: 'double precision', other: 'v * 1.0000001' },
  text: {
    type: 'varchar(30)',
    values: [`'a\\tb'`, `'nul\\0in'`, `'\\b\\v\\f'`],
    raw: 'varchar(40)',
    other: `v || ' '`,
  },
  day: {
    type: 'date',
    values: [`'2026-03-01'`, `'0000-00-00'`],
    raw: 'timestamp',
    other: `COALESCE(v, '2026-01-01') + interval '1s'`,
  },
  moment: {
    type: 'datetime(3)',
    values: [`'2026-03-01 10:00:00.500'`, `'2026-03-01'`],
    raw: 'timestamptz',
    other: `v + interval '1ms'`,
  },
  instant: {
    type: 'timestamp NULL',
    values: [`'2026-03-01 10:00:00'`, 'NULL'],
    raw: 'timestamp',
    other: `COALESCE(v, now()) + interval '1h'`,
  },
  span: { type: 'time(2)', values: [`'-838:59:59'`, `'00:00:00.50'`], raw: 'interval', other: `v + interval '1s'` },
  bit: { type: 'bit(1)', values: [`b'0'`, `b'1'`], raw: 'smallint', other: '1 - v' },
  bits: { type: 'bit(5)', values: [`b'10010'`], raw: 'varbit', other: `v || B'1'` },
  number: { type: 'decimal(8,3)', values: ['1.500'], raw: 'text', other: `v || '1'` },
};

test.for(Object.entries(OLDER))(
  '%s as an older tool typed it is equal, and found where it differs',
  async ([name, older]) => {
    const table = `older_${name}`;
    const rows = older.values.map((value, at) => `(${at + 1}, ${value})`);
    await pipeline.source.exec(
      `CREATE TABLE ${table} (id int NOT NULL PRIMARY KEY, v ${older.type}); INSERT INTO ${table} VALUES ${rows.join(', ')}`,
    );
    await pipeline.warehouse.exec(`CREATE TABLE raw.${table} (id bigint PRIMARY KEY, v ${older.raw})`);
    await pipeline.run(table);
    const counts = { missing: 0, extra: 0, different: 0, pending: 0 };
    expect((await verify(pipeline, table)).verification).toMatchObject({ verdict: 'match', ...counts });
    await pipeline.warehouse.exec(`UPDATE raw.${table} SET v = ${older.other}`);
    const { verification } = await verify(pipeline, table);
    expect(verification).toMatchObject({ ...counts, different: rows.length, columns: { v: rows.length } });
  },
);

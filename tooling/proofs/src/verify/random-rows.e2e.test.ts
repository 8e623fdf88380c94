import { startMysql, testServers, type MysqlServer, type TestDatabase } from '@tidemark/testkit';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openPipeline, type Pipeline } from '../pipeline.ts';
import { seedOfThisRun, shortOrLong } from '../races/how-long.ts';
import { VALUE_TYPES, type Value } from '../whole/column-values.ts';
import { verify } from './verify.ts';

const ROWS = 12;

/** Kinds of keys, and the key of a row by its number: never in the order of the numbers. */
const KEYS: Readonly<
  Record<string, { readonly columns: string; readonly key: readonly string[]; readonly of: (row: number) => Value[] }>
> = {
  number: { columns: 'K bigint NOT NULL', key: ['K'], of: (row) => [(row * 7919) % 101] },
  'unsigned number': {
    columns: 'K bigint unsigned NOT NULL',
    key: ['K'],
    of: (row) => [(2n ** 64n - 1n - BigInt((row * 7919) % 101) * 10n ** 17n).toString()],
  },
  money: { columns: 'K decimal(12,2) NOT NULL', key: ['K'], of: (row) => [`${(row * 31) % 17}.${row % 10}0`] },
  double: { columns: 'K double NOT NULL', key: ['K'], of: (row) => [((row * 31) % 17) * 1.1e20 - 5e20] },
  text: {
    columns: 'K varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL',
    key: ['K'],
    of: (row) => [['Zoë', 'ab c', 'Äa', 'a_', '漢', 'b\\t', 'B1', '~', '0', '-1', '🦷', "it's"][row] ?? ''],
  },
  bytes: { columns: 'K varbinary(8) NOT NULL', key: ['K'], of: (row) => [Buffer.from([(row * 37) % 256, 0, 9, 92])] },
  day: { columns: 'K date NOT NULL', key: ['K'], of: (row) => [`20${10 + ((row * 7) % 20)}-0${1 + (row % 9)}-11`] },
  moment: {
    columns: 'K datetime(6) NOT NULL',
    key: ['K'],
    of: (row) => [`2026-01-01 00:00:00.${10 + ((row * 7) % 13)}`],
  },
  bits: { columns: 'K bit(9) NOT NULL', key: ['K'], of: (row) => [(row * 37) % 512] },
  enum: {
    columns: `K enum('m','l','k','j','i','h','g','f','e','d','c','it''s') NOT NULL`,
    key: ['K'],
    of: (row) => ['mlkjihgfedc'.charAt(row) || "it's"],
  },
  composite: {
    columns: 'A smallint NOT NULL, B varchar(9) COLLATE utf8_bin NOT NULL, C timestamp(3) NOT NULL',
    key: ['B', 'A', 'C'],
    of: (row) => [(row * 5) % 3, ['', 'a', 'A', 'a '][row % 4] ?? '', `2026-03-01 10:00:0${row % 10}.5`],
  },
};

type Server = MysqlServer & Partial<AsyncDisposable>;

describe.for<[name: string, start: () => Promise<Server | null>]>([
  ['the servers of this run', async () => null],
  ['MySQL', () => startMysql({ name: 'MySQL', flavor: 'mysql', sqlMode: '' })],
])('random rows of all types on %s', ([, start]) => {
  let server: Server | null = null;
  let pipeline: Pipeline | undefined;
  let unavailable = '';
  let tables = 0;

  beforeAll(async () => {
    try {
      server = await start();
    } catch (error) {
      if (!(error instanceof AggregateError)) throw error;
      unavailable = error.message;
      return;
    }
    pipeline = await openPipeline(server ? { source: server, replica: server } : testServers());
  });
  afterAll(async () => {
    await pipeline?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]?.();
  });

  const seed = seedOfThisRun();
  test.for(Object.keys(KEYS))(
    `with a key of %s are equal, and a value that was changed is found (seed ${seed})`,
    async (kind, context) => {
      context.skip(unavailable !== '', unavailable);
      if (!pipeline) throw new Error('There is no pipeline.');
      const room = pipeline;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(...VALUE_TYPES.map(({ values }) => values)), { minLength: ROWS, maxLength: ROWS }),
          fc.nat(VALUE_TYPES.length - 1),
          fc.constantFrom<Side>('raw', 'replica'),
          async (rows, column, side) => {
            tables += 1;
            await expectFound(room, `rows_${tables}`, { kind, rows, column, side });
          },
        ),
        { seed, numRuns: shortOrLong(1, 30), endOnFailure: true },
      );
    },
  );
});

type Side = 'raw' | 'replica';

interface Planted {
  readonly kind: string;
  readonly rows: readonly (readonly Value[])[];
  readonly column: number;
  readonly side: Side;
}

async function expectFound(pipeline: Pipeline, table: string, planted: Planted): Promise<void> {
  await createRows(pipeline.source, table, planted);
  await pipeline.run(table);
  const proved = await verify(pipeline, table);
  expect(proved.verification).toMatchObject({ verdict: 'match', sourceRows: ROWS, warehouseRows: ROWS, pending: 0 });
  const changed = await changeValues(pipeline, table, planted);
  const { verification, rows } = await verify(pipeline, table);
  const column = `c${planted.column}`;
  const found = { missing: verification.missing, extra: verification.extra, different: verification.different };
  expect(found).toEqual({ missing: 0, extra: 0, different: changed });
  expect(verification.columns).toEqual(changed > 0 ? { [column]: changed } : {});
  expect(rows).toHaveLength(changed);
  await pipeline.source.exec(`DROP TABLE ${table}`);
}

async function createRows(source: TestDatabase, table: string, { kind, rows }: Planted): Promise<void> {
  const { columns, key, of } = KEYS[kind] ?? KEYS['number'] ?? { columns: '', key: [], of: () => [] };
  const types = VALUE_TYPES.map(({ sql }, at) => `c${at} ${sql}`);
  await source.exec(
    `CREATE TABLE ${table} (${columns}, Turn int NOT NULL, ${types.join(', ')}, PRIMARY KEY (${key.join(', ')})) DEFAULT CHARSET=utf8mb4`,
  );
  for (const [at, row] of rows.entries()) {
    const values = [...of(at), at, ...row];
    await source.query(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`, values);
  }
}

/** Gives one row's value to another one, where that is another value. The number of rows that were changed. */
async function changeValues(pipeline: Pipeline, table: string, { column, side }: Planted): Promise<number> {
  const name = `c${column}`;
  if (side === 'raw') {
    const changed = await pipeline.warehouse.query(
      `UPDATE raw.${table} AS t SET ${name} = o.${name} FROM raw.${table} AS o
        WHERE o."Turn" = t."Turn" + 1 AND t."Turn" % 3 = 0 AND t.${name} IS DISTINCT FROM o.${name} RETURNING 1`,
    );
    return changed.length;
  }
  // As text: two FLOATs that print alike are not told apart here, so neither is changed.
  const where = `o.Turn = t.Turn + 1 AND t.Turn % 3 = 0 AND NOT (CAST(t.${name} AS BINARY) <=> CAST(o.${name} AS BINARY))`;
  const [counted] = await pipeline.replica.query<{ n: string | number }>(
    `SELECT COUNT(*) AS n FROM ${table} AS t JOIN ${table} AS o ON ${where}`,
  );
  await pipeline.replica.exec(`UPDATE ${table} AS t JOIN ${table} AS o ON ${where} SET t.${name} = o.${name}`);
  return Number(counted?.n ?? 0);
}

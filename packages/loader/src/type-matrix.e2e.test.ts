import { startMysql, testServers, type MysqlServer } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openLoadRoom, type LoadRoom } from './testing/load-room.ts';

/** One replica type, SQL literals for it, and what raw must hold for each, as PostgreSQL prints it in UTC. */
interface TypeCase {
  readonly type: string;
  readonly raw: string;
  readonly values: readonly (readonly [literal: string, raw: string | null])[];
  readonly only?: 'mariadb' | 'mysql';
}

const CASES: readonly TypeCase[] = [
  {
    type: 'tinyint',
    raw: 'smallint',
    values: [
      ['-128', '-128'],
      ['127', '127'],
      ['NULL', null],
    ],
  },
  { type: 'tinyint unsigned', raw: 'smallint', values: [['255', '255']] },
  {
    type: 'tinyint(1)',
    raw: 'smallint',
    values: [
      ['0', '0'],
      ['1', '1'],
      ['9', '9'],
    ],
  },
  {
    type: 'smallint',
    raw: 'smallint',
    values: [
      ['-32768', '-32768'],
      ['32767', '32767'],
    ],
  },
  { type: 'smallint unsigned', raw: 'integer', values: [['65535', '65535']] },
  {
    type: 'mediumint',
    raw: 'integer',
    values: [
      ['-8388608', '-8388608'],
      ['8388607', '8388607'],
    ],
  },
  { type: 'mediumint unsigned', raw: 'integer', values: [['16777215', '16777215']] },
  {
    type: 'int',
    raw: 'integer',
    values: [
      ['-2147483648', '-2147483648'],
      ['2147483647', '2147483647'],
    ],
  },
  { type: 'int unsigned', raw: 'bigint', values: [['4294967295', '4294967295']] },
  { type: 'int(10) unsigned zerofill', raw: 'bigint', values: [['42', '42']] },
  {
    type: 'bigint',
    raw: 'bigint',
    values: [
      ['-9223372036854775808', '-9223372036854775808'],
      ['9007199254740993', '9007199254740993'],
      ['9223372036854775807', '9223372036854775807'],
    ],
  },
  {
    type: 'bigint unsigned',
    raw: 'numeric(20,0)',
    values: [
      ['0', '0'],
      ['18446744073709551615', '18446744073709551615'],
    ],
  },
  {
    type: 'decimal(10,2)',
    raw: 'numeric(10,2)',
    values: [
      ['-99999999.99', '-99999999.99'],
      ['0', '0.00'],
      ['-0.01', '-0.01'],
    ],
  },
  {
    type: 'decimal(65,30)',
    raw: 'numeric(65,30)',
    values: [
      [
        '99999999999999999999999999999999999.999999999999999999999999999999',
        '99999999999999999999999999999999999.999999999999999999999999999999',
      ],
    ],
  },
  {
    type: 'float',
    raw: 'real',
    values: [
      ['3.402823466e38', '3.4028235e+38'],
      ['-1.175494351e-38', '-1.1754944e-38'],
      ['0.1', '0.1'],
      ['16777216', '1.6777216e+07'],
      // Six digits, as the server prints a FLOAT, would make it 1.23457.
      ['1.2345678', '1.2345678'],
    ],
  },
  {
    type: 'double',
    raw: 'double precision',
    values: [
      ['1.7976931348623157e308', '1.7976931348623157e+308'],
      ['2.2250738585072014e-308', '2.2250738585072014e-308'],
      ['0.1', '0.1'],
      ['1234567.891', '1234567.891'],
      ['0.1e0 + 0.2e0', '0.30000000000000004'],
    ],
  },
  {
    type: 'char(10)',
    raw: 'text',
    values: [
      ["''", ''],
      ["'a  '", 'a'],
      ["' a'", ' a'],
      ["'🦷'", '🦷'],
    ],
  },
  {
    type: 'varchar(200)',
    raw: 'text',
    values: [
      ["''", ''],
      ["'NULL'", 'NULL'],
      ["'\\\\N'", '\\N'],
      ["'\\\\.'", '\\.'],
      ["'tab\\tnewline\\nreturn\\rback\\\\slash'", 'tab\tnewline\nreturn\rback\\slash'],
      ["'quote \\' double \\\" back`tick'", 'quote \' double " back`tick'],
      ["'Zoë 🦷 漢字 \u202e'", 'Zoë 🦷 漢字 \u202e'],
      ["'nul\\0in'", 'nulin'],
      ["'trailing  '", 'trailing  '],
      ['NULL', null],
    ],
  },
  { type: 'varchar(50) CHARACTER SET latin1', raw: 'text', values: [["'Müller €'", 'Müller €']] },
  { type: 'tinytext', raw: 'text', values: [["'x'", 'x']] },
  { type: 'text', raw: 'text', values: [["REPEAT('é', 20000)", 'é'.repeat(20_000)]] },
  { type: 'mediumtext', raw: 'text', values: [["REPEAT('a\\nb', 30000)", 'a\nb'.repeat(30_000)]] },
  { type: 'longtext', raw: 'text', values: [["''", '']] },
  {
    type: 'date',
    raw: 'date',
    values: [
      ["'0001-01-01'", '0001-01-01'],
      ["'1000-01-01'", '1000-01-01'],
      ["'2024-02-29'", '2024-02-29'],
      ["'9999-12-31'", '9999-12-31'],
      ["'0000-00-00'", null],
      ["'2024-00-15'", null],
      ["'2023-02-30'", null],
      ['NULL', null],
    ],
  },
  {
    type: 'datetime',
    raw: 'timestamp without time zone',
    values: [
      ["'0001-01-01 00:00:00'", '0001-01-01 00:00:00'],
      // An hour that America/Chicago skips, and one that it has twice.
      ["'2024-03-10 02:30:00'", '2024-03-10 02:30:00'],
      ["'2024-11-03 01:30:00'", '2024-11-03 01:30:00'],
      ["'0000-00-00 00:00:00'", null],
    ],
  },
  {
    type: 'datetime(6)',
    raw: 'timestamp without time zone',
    values: [
      ["'9999-12-31 23:59:59.999999'", '9999-12-31 23:59:59.999999'],
      ["'2024-01-01 00:00:00.000001'", '2024-01-01 00:00:00.000001'],
    ],
  },
  {
    type: 'timestamp NULL',
    raw: 'timestamp with time zone',
    values: [
      ["'1970-01-01 00:00:01'", '1970-01-01 00:00:01+00'],
      ["'2038-01-19 03:14:07'", '2038-01-19 03:14:07+00'],
      ["'0000-00-00 00:00:00'", null],
      ['NULL', null],
    ],
  },
  {
    type: 'timestamp(6) NULL',
    raw: 'timestamp with time zone',
    values: [["'2024-07-01 12:00:00.123456'", '2024-07-01 12:00:00.123456+00']],
  },
  {
    type: 'time',
    raw: 'interval',
    values: [
      ["'-838:59:59'", '-838:59:59'],
      ["'838:59:59'", '838:59:59'],
      ["'24:00:00'", '24:00:00'],
      ["'-00:00:01'", '-00:00:01'],
      ["'00:00:00'", '00:00:00'],
    ],
  },
  { type: 'time(6)', raw: 'interval', values: [["'-12:34:56.000001'", '-12:34:56.000001']] },
  {
    type: 'year',
    raw: 'smallint',
    values: [
      ["'0000'", '0'],
      ['1901', '1901'],
      ['2155', '2155'],
    ],
  },
  {
    type: 'bit(1)',
    raw: 'boolean',
    values: [
      ["b'0'", 'false'],
      ["b'1'", 'true'],
      ['NULL', null],
    ],
  },
  {
    type: 'bit(10)',
    raw: 'bit(10)',
    values: [
      ["b'0'", '0000000000'],
      ["b'1000000001'", '1000000001'],
      ['NULL', null],
    ],
  },
  { type: 'bit(64)', raw: 'bit(64)', values: [['18446744073709551615', '1'.repeat(64)]] },
  {
    type: "enum('a','b c','it''s')",
    raw: 'text',
    values: [
      ["'a'", 'a'],
      ["'it\\'s'", "it's"],
      ['NULL', null],
    ],
  },
  {
    type: "set('x','y')",
    raw: 'text',
    values: [
      ["''", ''],
      ["'x,y'", 'x,y'],
    ],
  },
  { type: 'binary(4)', raw: 'bytea', values: [["'a'", String.raw`\x61000000`]] },
  {
    type: 'varbinary(20)',
    raw: 'bytea',
    values: [
      ["''", String.raw`\x`],
      ["X'00ff5c090a'", String.raw`\x00ff5c090a`],
      ['NULL', null],
    ],
  },
  { type: 'blob', raw: 'bytea', values: [["REPEAT(X'00ff', 5000)", String.raw`\x` + '00ff'.repeat(5000)]] },
  {
    type: 'point',
    raw: 'bytea',
    values: [["ST_GeomFromText('POINT(1 2)')", String.raw`\x0101000000000000000000f03f0000000000000040`]],
  },
  { type: 'json', raw: 'text', only: 'mariadb', values: [[`'{"b": 1.0, "a": [null]}'`, '{"b": 1.0, "a": [null]}']] },
  {
    type: 'json',
    raw: 'jsonb',
    only: 'mysql',
    values: [
      [`'{"b": 1.0, "a": [null, "Zoë"]}'`, '{"a": [null, "Zoë"], "b": 1.0}'],
      [
        String.raw`'{"x": "nul\\u0000in", "y": "back\\\\u0000slash"}'`,
        String.raw`{"x": "nulin", "y": "back\\u0000slash"}`,
      ],
      ["'null'", 'null'],
      ['NULL', null],
    ],
  },
  {
    type: 'uuid',
    raw: 'text',
    only: 'mariadb',
    values: [["'123e4567-e89b-12d3-a456-426655440000'", '123e4567-e89b-12d3-a456-426655440000']],
  },
  { type: 'inet6', raw: 'text', only: 'mariadb', values: [["'2001:db8::1'", '2001:db8::1']] },
];

type Server = MysqlServer & Partial<AsyncDisposable>;

describe.for<[name: string, start: () => Promise<Server>]>([
  ['the replica server', async () => testServers().replica],
  ['MySQL', () => startMysql({ name: 'MySQL replica', flavor: 'mysql' })],
])('types from %s', ([, start]) => {
  let server: Server | undefined;
  let room: LoadRoom | undefined;
  let flavor = '';
  let unavailable = '';

  beforeAll(async () => {
    try {
      server = await start();
    } catch (error) {
      if (!(error instanceof AggregateError)) throw error;
      unavailable = error.message;
      return;
    }
    room = await openLoadRoom({ replica: server });
    await room.warehouse.exec("SET TIME ZONE 'UTC'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'");
    const [version] = await room.replica.query<{ text: string }>('SELECT VERSION() AS text');
    flavor = /mariadb/i.test(version?.text ?? '') ? 'mariadb' : 'mysql';
  });

  afterAll(async () => {
    await room?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]?.();
  });

  it.for(CASES)('$type becomes $raw, exactly', async (one, context) => {
    context.skip(unavailable !== '', unavailable);
    if (!room) throw new Error('There is no room.');
    context.skip(one.only !== undefined && one.only !== flavor, `only ${one.only}`);
    const rows = one.values.map(([literal], index) => `(${index}, ${literal}, 1)`);
    await room.replica.exec(`
    DROP TABLE IF EXISTS matrix;
    CREATE TABLE matrix (id INT NOT NULL PRIMARY KEY, v ${one.type},
      _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq)) DEFAULT CHARSET utf8mb4;
    INSERT INTO matrix (id, v, _tidemark_seq) VALUES ${rows.join(', ')}`);
    await room.copied('matrix', { sequence: 1, rows: rows.length });
    await room.warehouse.exec('DROP TABLE IF EXISTS raw.matrix');

    await room.load('matrix', { fullRefresh: true });

    const loaded = await room.warehouse.query<{ v: string | null; type: string }>(
      `SELECT v::text AS v, (SELECT format_type(atttypid, atttypmod) FROM pg_attribute
                            WHERE attrelid = 'raw.matrix'::regclass AND attname = 'v') AS type
       FROM raw.matrix ORDER BY id`,
    );
    expect(loaded.map((row) => row.v)).toEqual(one.values.map(([, raw]) => raw));
    expect(loaded[0]?.type).toBe(one.raw);

    // Merged instead of copied in: nothing differs, so nothing is written.
    const again = await room.load('matrix', { fullRefresh: true });
    expect(again.counts).toMatchObject({
      rowsUnchanged: rows.length,
      rowsUpdated: 0,
      rowsInserted: 0,
      rowsDeleted: 0,
    });
  });
});

import { describe, expect, it } from 'vitest';

import { postgresType, takesNull } from './postgres-type.ts';
import { describeColumn } from './testing/describe-column.ts';

describe('postgresType', () => {
  it.for<[columnType: string, raw: string]>([
    ['tinyint(4)', 'smallint'],
    ['tinyint(1)', 'smallint'],
    ['tinyint(3) unsigned', 'smallint'],
    ['smallint(6)', 'smallint'],
    ['smallint(5) unsigned', 'integer'],
    ['mediumint(9)', 'integer'],
    ['mediumint(8) unsigned', 'integer'],
    ['int(11)', 'integer'],
    ['int(10) unsigned', 'bigint'],
    ['bigint(20)', 'bigint'],
    ['bigint(20) unsigned', 'numeric(20,0)'],
    ['decimal(10,2)', 'numeric(10,2)'],
    ['decimal(65,30) unsigned', 'numeric(65,30)'],
    ['float', 'real'],
    ['float(7,2)', 'real'],
    ['double', 'double precision'],
    ['char(1)', 'text'],
    ['varchar(255)', 'text'],
    ['mediumtext', 'text'],
    ["enum('a','b')", 'text'],
    ["set('a','b')", 'text'],
    ['json', 'jsonb'],
    ['binary(16)', 'bytea'],
    ['longblob', 'bytea'],
    ['point', 'bytea'],
    ['bit(1)', 'boolean'],
    ['bit(8)', 'bit(8)'],
    ['date', 'date'],
    ['datetime', 'timestamp without time zone'],
    ['datetime(6)', 'timestamp without time zone'],
    ['timestamp', 'timestamp with time zone'],
    ['time', 'interval'],
    ['year(4)', 'smallint'],
    ['uuid', 'text'],
  ])('makes %s a %s', ([columnType, raw]) => {
    expect(postgresType(describeColumn('c', columnType))).toBe(raw);
  });
});

describe('takesNull', () => {
  it.for([
    ['date', true],
    ['datetime', true],
    ['timestamp', true],
    ['time', false],
    ['int', false],
    ['text', false],
  ] as const)('of a %s NOT NULL is %s', ([columnType, expected]) => {
    expect(takesNull(describeColumn('c', columnType))).toBe(expected);
    expect(takesNull(describeColumn('c', columnType, { nullable: true }))).toBe(true);
  });
});

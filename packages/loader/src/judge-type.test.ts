import { describe, expect, it } from 'vitest';

import { judgeType, type TypeVerdict } from './judge-type.ts';
import { postgresType } from './postgres-type.ts';
import { describeColumn } from './testing/describe-column.ts';

const KEEP: TypeVerdict = { step: 'keep' };
const STOP: TypeVerdict = { step: 'incompatible' };
const widen = (to: string): TypeVerdict => ({ step: 'widen', to });

describe('judgeType', () => {
  it.for<[existing: string, columnType: string, verdict: TypeVerdict]>([
    // Whole numbers
    ['smallint', 'smallint', KEEP],
    ['bigint', 'smallint', KEEP],
    ['smallint', 'int', widen('integer')],
    ['integer', 'bigint', widen('bigint')],
    ['integer', 'int unsigned', widen('bigint')],
    ['bigint', 'bigint unsigned', widen('numeric(20,0)')],
    ['numeric', 'bigint', KEEP],
    ['numeric(20,0)', 'bigint', KEEP],
    ['numeric(18,0)', 'bigint', widen('numeric')],
    ['numeric(10,2)', 'smallint', KEEP],
    ['numeric(6,2)', 'smallint', widen('numeric')],
    ['double precision', 'int', KEEP],
    ['double precision', 'bigint', STOP],
    ['boolean', 'tinyint(1)', KEEP],
    ['boolean', 'smallint', STOP],
    ['text', 'bigint', KEEP],
    ['character varying', 'bigint', KEEP],
    ['character varying(20)', 'bigint', STOP],
    ['bytea', 'int', STOP],
    ['date', 'int', STOP],
    // Decimals and floating point
    ['numeric(10,2)', 'decimal(10,2)', KEEP],
    ['numeric(12,2)', 'decimal(10,2)', KEEP],
    ['numeric', 'decimal(65,30)', KEEP],
    ['numeric(10,2)', 'decimal(12,4)', widen('numeric(12,4)')],
    ['numeric(12,2)', 'decimal(10,4)', widen('numeric')],
    ['integer', 'decimal(14,2)', widen('numeric(14,2)')],
    ['bigint', 'decimal(14,2)', widen('numeric')],
    ['double precision', 'decimal(10,2)', KEEP],
    ['double precision', 'decimal(18,2)', STOP],
    ['real', 'decimal(5,2)', STOP],
    ['real', 'float', KEEP],
    ['double precision', 'float', KEEP],
    ['smallint', 'float', widen('real')],
    ['real', 'double', widen('double precision')],
    ['integer', 'double', widen('double precision')],
    ['numeric', 'double', KEEP],
    // A value would be rounded without a word.
    ['numeric(10,2)', 'double', widen('numeric')],
    ['numeric(10,2)', 'float', widen('numeric')],
    // Text
    ['text', 'varchar(20)', KEEP],
    ['character varying', 'text', KEEP],
    ['character varying(20)', 'varchar(20)', KEEP],
    ['character varying(20)', 'varchar(100)', widen('text')],
    ['character varying(20)', 'text', widen('text')],
    ['character(5)', 'char(5)', widen('text')],
    ['integer', 'varchar(10)', widen('text')],
    ['date', 'varchar(10)', widen('text')],
    ['uuid', 'uuid', widen('text')],
    ['jsonb', 'longtext', STOP],
    ['citext', 'varchar(10)', STOP],
    ['json', 'json', KEEP],
    ['text', 'json', KEEP],
    // Times
    ['date', 'date', KEEP],
    ['timestamp without time zone', 'date', KEEP],
    ['date', 'datetime', widen('timestamp without time zone')],
    ['date', 'timestamp', widen('timestamp with time zone')],
    ['timestamp without time zone', 'timestamp', KEEP],
    ['timestamp with time zone', 'datetime', KEEP],
    ['timestamp(0) without time zone', 'datetime', KEEP],
    ['timestamp(0) without time zone', 'datetime(6)', widen('timestamp without time zone')],
    ['timestamp(3) with time zone', 'datetime(6)', widen('timestamp with time zone')],
    ['text', 'datetime', KEEP],
    ['integer', 'datetime', STOP],
    ['interval', 'time', KEEP],
    ['interval(0)', 'time(6)', widen('interval')],
    ['time without time zone', 'time', widen('interval')],
    // Bits and bytes
    ['boolean', 'bit(1)', KEEP],
    ['smallint', 'bit(1)', KEEP],
    ['bit(1)', 'bit(1)', KEEP],
    ['bit(8)', 'bit(8)', KEEP],
    ['bit(4)', 'bit(8)', STOP],
    ['bit varying(8)', 'bit(8)', KEEP],
    ['bit varying(4)', 'bit(8)', STOP],
    ['boolean', 'bit(8)', STOP],
    ['bytea', 'blob', KEEP],
    ['text', 'blob', STOP],
  ])('%s for %s', ([existing, columnType, verdict]) => {
    expect(judgeType(existing, describeColumn('c', columnType))).toEqual(verdict);
  });

  it.for(['tinyint unsigned', 'bigint unsigned', 'decimal(65,30)', 'float', 'json', 'bit(64)', 'time(6)'])(
    'keeps what it would itself have made of %s',
    (type) => {
      const column = describeColumn('c', type);
      expect(judgeType(postgresType(column), column)).toEqual(KEEP);
    },
  );

  it.for(['smallint', 'integer', 'bigint', 'numeric(6,2)', 'real', 'date', 'character varying(3)', 'interval(0)'])(
    'widens %s only to types that it then keeps',
    (has) => {
      const wanted = [
        'smallint',
        'int',
        'bigint unsigned',
        'decimal(10,4)',
        'float',
        'double',
        'text',
        'datetime(6)',
        'time(6)',
      ];
      const verdicts = wanted.flatMap((type) => {
        const column = describeColumn('c', type);
        const verdict = judgeType(has, column);
        return verdict.step === 'widen' ? [judgeType(verdict.to, column)] : [];
      });
      expect(verdicts).toEqual(verdicts.map(() => KEEP));
    },
  );
});

import { describe, expect, test } from 'vitest';

import { createReplicaTable, replicaCollation, replicaColumn } from './replica-ddl.ts';
import { describedColumn, describedTable } from './testing/described-column.ts';

const abilities = { collations: new Set(['utf8mb4_general_ci', 'utf8mb4_bin', 'utf8mb4_unicode_ci']), hasJson: false };

test('the replica table has the source columns, the key, and the invisible sequence with its index', () => {
  const source = describedTable(
    'visit',
    [
      describedColumn('VisitNum', 'bigint(20)', { autoIncrement: true }),
      describedColumn('Path', 'varchar(255)', { nullable: true }),
      describedColumn('DateTStamp', 'timestamp', { onUpdateStamp: true, defaultExpression: 'current_timestamp()' }),
    ],
    ['VisitNum'],
  );
  expect(createReplicaTable({ source, key: ['VisitNum'], indexed: ['DateTStamp'], abilities })).toBe(
    [
      'CREATE TABLE `visit` (',
      '`VisitNum` bigint(20) NOT NULL,',
      '  `Path` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL DEFAULT NULL,',
      '  `DateTStamp` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,',
      '  `_tidemark_seq` BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE,',
      '  PRIMARY KEY (`VisitNum`),',
      '  KEY `_tidemark_seq` (`_tidemark_seq`),',
      '  KEY `_tidemark_stamp_1` (`DateTStamp`)',
      ') ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4',
    ].join('\n'),
  );
});

test('only columns that the table has and that have an order get an index', () => {
  const columns = [
    describedColumn('VisitNum', 'bigint(20)'),
    describedColumn('Note', 'text'),
    describedColumn('AptDate', 'date'),
  ];
  const source = describedTable('visit', columns, ['VisitNum']);
  const indexed = ['Note', 'aptdate', 'AptDate', 'DateTStampp', 'VisitNum'];
  const ddl = createReplicaTable({ source, key: ['VisitNum'], indexed, abilities });
  expect(ddl.match(/KEY `_tidemark_stamp.*/g)).toEqual(['KEY `_tidemark_stamp_1` (`AptDate`)']);
});

describe('collation', () => {
  test.each([
    ['utf8_general_ci', 'utf8mb4_general_ci'],
    ['utf8mb3_unicode_ci', 'utf8mb4_unicode_ci'],
    ['utf8mb3_uca1400_ai_ci', 'utf8mb4_bin'],
    ['latin1_swedish_ci', 'utf8mb4_bin'],
    [null, 'utf8mb4_bin'],
  ])('of the source %s becomes %s', (source, replica) => {
    expect(replicaCollation(source, abilities.collations)).toBe(replica);
  });
});

describe('default', () => {
  test.each([
    ['date', "'0000-00-00'", null],
    ['date', "'0001-01-01'", null],
    ['date', "'2000-01-01'", "DEFAULT '2000-01-01'"],
    ['int', '0', 'DEFAULT 0'],
    ['double', '-1.5', 'DEFAULT -1.5'],
    ['varchar(9)', "''", "DEFAULT ''"],
    ['varchar(9)', "'it''s'", null],
    ['text', "'x'", null],
  ])('of %s %s is %s', (type, expression, clause) => {
    const sql = replicaColumn(describedColumn('c', type, { defaultExpression: expression }), { key: [], abilities });
    expect(/DEFAULT .*$/.exec(sql)?.[0] ?? null).toBe(clause);
  });
});

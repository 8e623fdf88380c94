import { expect, test } from 'vitest';
import { CLINIC_TABLES, clinicTable } from './clinic-tables.ts';
import { tableDdl } from './table-ddl.ts';

test('there are 68 tables with 1,224 columns, 35 server stamps and 11 indexes that lead with one', () => {
  expect(CLINIC_TABLES).toHaveLength(68);
  expect(CLINIC_TABLES.flatMap(({ columns }) => columns)).toHaveLength(1224);
  expect(CLINIC_TABLES.filter(({ stamp }) => stamp !== undefined)).toHaveLength(35);
  expect(CLINIC_TABLES.filter(({ stampIndex }) => stampIndex !== undefined)).toHaveLength(11);
});

test('key, stamp and stamp index name columns of their table', () => {
  for (const { name, key, stamp, stampIndex, columns } of CLINIC_TABLES) {
    const named = [key, ...(stamp === undefined ? [] : [stamp]), ...(stampIndex ?? [])];
    expect({ name, columns: columns.map((column) => column.name) }).toEqual({
      name,
      columns: expect.arrayContaining(named),
    });
  }
});

test('only patientnote has no counter for its key', () => {
  const without = CLINIC_TABLES.filter(({ columns }) => !columns.some((column) => column.autoIncrement === true));
  expect(without.map(({ name }) => name)).toEqual(['patientnote']);
});

test('the statement spells key, stamp, zero date and stamp index', () => {
  const options = { engine: 'MyISAM', charset: 'utf8', collation: 'utf8_general_ci' } as const;
  const ddl = tableDdl(clinicTable('paysplit'), options);
  expect(ddl).toContain('`SplitNum` bigint(20) NOT NULL AUTO_INCREMENT');
  expect(ddl).toContain("`ProcDate` date NOT NULL DEFAULT '0000-00-00'");
  expect(ddl).toContain('`SecDateTEdit` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP');
  expect(ddl).toContain('KEY `SecDateTEditPN` (`SecDateTEdit`, `PatNum`)');
  expect(ddl).toContain('ENGINE=MyISAM DEFAULT CHARSET=utf8 COLLATE=utf8_general_ci');
});

test('a table outside the 68 is refused', () => {
  expect(() => clinicTable('preference')).toThrow('preference');
});

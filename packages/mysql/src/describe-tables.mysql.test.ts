import { describe, expect, test } from 'vitest';

import { otherServers, type NamedServer } from '../test/other-servers.ts';
import { openRoom, type Room } from '../test/room.ts';
import { columnForm, toPlanTable } from './column-form.ts';
import { describeTables } from './describe-tables.ts';
import { comparableType } from './structure-fingerprint.ts';
import type { ColumnDescription, TableDescription } from './types.ts';

interface Expected {
  readonly form: ReturnType<typeof columnForm>;
  /** Without a display width. */
  readonly type: string;
  readonly facts?: Partial<ColumnDescription>;
}

/** Definition → what every server says of it. */
const EVERYWHERE: Readonly<Record<string, Expected>> = {
  'TINYINT(1) NOT NULL': { form: 'integer', type: 'tinyint', facts: { nullable: false, unsigned: false } },
  'TINYINT UNSIGNED NULL': { form: 'integer', type: 'tinyint unsigned', facts: { unsigned: true, nullable: true } },
  'SMALLINT NULL': { form: 'integer', type: 'smallint' },
  'MEDIUMINT UNSIGNED NULL': { form: 'integer', type: 'mediumint unsigned' },
  'INT(5) ZEROFILL NULL': { form: 'integer', type: 'int unsigned', facts: { unsigned: true } },
  'BIGINT UNSIGNED NULL': { form: 'integer', type: 'bigint unsigned' },
  'DECIMAL(65,30) NULL': { form: 'decimal', type: 'decimal(65,30)', facts: { precision: 65, scale: 30 } },
  'NUMERIC(5) NULL': { form: 'decimal', type: 'decimal(5,0)', facts: { precision: 5, scale: 0 } },
  'FLOAT NULL': { form: 'float', type: 'float' },
  'FLOAT(10,2) NULL': { form: 'float', type: 'float(10,2)' },
  'DOUBLE NULL': { form: 'double', type: 'double', facts: { scale: null } },
  'REAL(10,2) NULL': { form: 'double', type: 'double(10,2)', facts: { scale: 2 } },
  'BIT(1) NULL': { form: 'bit', type: 'bit(1)', facts: { length: 1 } },
  'BIT(64) NULL': { form: 'bit', type: 'bit(64)', facts: { length: 64 } },
  'CHAR(3) CHARACTER SET latin1 NULL': { form: 'text', type: 'char(3)', facts: { length: 3, charset: 'latin1' } },
  'VARCHAR(20) CHARACTER SET utf8mb4 NULL': { form: 'text', type: 'varchar(20)', facts: { length: 20 } },
  "VARCHAR(20) CHARACTER SET ucs2 COLLATE ucs2_bin NULL DEFAULT ''": {
    form: 'text',
    type: 'varchar(20)',
    facts: { charset: 'ucs2', collation: 'ucs2_bin', length: 20 },
  },
  'TINYTEXT NULL': { form: 'text', type: 'tinytext', facts: { length: 255 } },
  'TEXT NULL': { form: 'text', type: 'text', facts: { length: 65_535 } },
  'LONGTEXT NULL': { form: 'text', type: 'longtext', facts: { length: 4_294_967_295 } },
  "ENUM('a','B','it''s','x unsigned /* c */') NULL": {
    form: 'enum',
    type: "enum('a','B','it''s','x unsigned /* c */')",
    facts: { unsigned: false },
  },
  "SET('x','y') NULL": { form: 'enum', type: "set('x','y')" },
  'BINARY(4) NULL': { form: 'binary', type: 'binary(4)', facts: { length: 4, charset: null } },
  'VARBINARY(9) NULL': { form: 'binary', type: 'varbinary(9)', facts: { length: 9 } },
  'LONGBLOB NULL': { form: 'binary', type: 'longblob', facts: { length: 4_294_967_295 } },
  'DATE NULL': { form: 'date', type: 'date', facts: { fractionDigits: 0 } },
  'DATETIME NULL': { form: 'datetime', type: 'datetime', facts: { fractionDigits: 0, onUpdateStamp: false } },
  'DATETIME(3) NULL ON UPDATE CURRENT_TIMESTAMP(3)': {
    form: 'datetime',
    type: 'datetime(3)',
    facts: { fractionDigits: 3, onUpdateStamp: true },
  },
  'TIMESTAMP(6) NULL DEFAULT NULL': {
    form: 'timestamp',
    type: 'timestamp(6)',
    facts: { fractionDigits: 6, onUpdateStamp: false, defaultExpression: null },
  },
  'TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP': {
    form: 'timestamp',
    type: 'timestamp',
    facts: { onUpdateStamp: true, nullable: false },
  },
  'TIME(2) NULL': { form: 'time', type: 'time(2)', facts: { fractionDigits: 2 } },
  'YEAR NULL': { form: 'year', type: 'year' },
  'GEOMETRY NULL': { form: 'geometry', type: 'geometry' },
  'POINT NULL': { form: 'geometry', type: 'point' },
};

/** Runs a test on each server; on those of one product when asked. */
async function onEach(
  work: (room: Room, name: NamedServer['name']) => Promise<void>,
  only: (name: NamedServer['name']) => boolean = () => true,
): Promise<void> {
  for (const { name, server } of otherServers().filter((candidate) => only(candidate.name))) {
    await using room = await openRoom(server);
    await work(room, name);
  }
}

const isModern = (name: NamedServer['name']): boolean => name !== 'old MySQL';

async function describeOnly(room: Room): Promise<TableDescription> {
  const [table, ...others] = await describeTables(room.session);
  if (!table || others.length > 0) throw new Error('Expected one table.');
  return table;
}

function columnNamed(table: TableDescription, name: string): ColumnDescription | undefined {
  return table.columns.find((column) => column.name === name);
}

test('every type is described alike by every server', async () => {
  await onEach(async (room, name) => {
    const definitions = Object.keys(EVERYWHERE).map((definition, index) => `c${index} ${definition}`);
    await room.database.exec(`CREATE TABLE wide (${definitions.join(', ')})`);
    const { columns } = await describeOnly(room);
    Object.values(EVERYWHERE).forEach((expected, index) => {
      const column = columns[index];
      const found = column && { ...column, server: name, form: columnForm(column), type: comparableType(column) };
      expect(found).toMatchObject({ server: name, form: expected.form, type: expected.type, ...expected.facts });
    });
  });
});

test('defaults: none, NULL, the word NULL, an empty text, a number, zero dates', async () => {
  await onEach(async (room, name) => {
    await room.database.exec(`SET SESSION sql_mode = '';
      CREATE TABLE defaults (none INT NOT NULL, nothing INT DEFAULT NULL, word VARCHAR(9) DEFAULT 'NULL',
        blank VARCHAR(9) NOT NULL DEFAULT '', number INT DEFAULT 7, day DATE NOT NULL DEFAULT '0000-00-00')`);
    const { columns } = await describeOnly(room);
    const quoted = name.startsWith('MariaDB') ? (text: string): string => `'${text}'` : (text: string): string => text;
    expect(columns.map((column) => column.defaultExpression)).toEqual([
      null,
      null,
      quoted('NULL'),
      quoted(''),
      '7',
      quoted('0000-00-00'),
    ]);
  });
});

test('computed and invisible columns, and defaults that are expressions', async () => {
  await onEach(async (room) => {
    await room.database.exec(`CREATE TABLE computed (id INT PRIMARY KEY, plus INT AS (id + 1) VIRTUAL,
      kept INT AS (id + 2) STORED, hidden INT INVISIBLE, both_ INT AS (id + 3) STORED INVISIBLE,
      words VARCHAR(40) DEFAULT (CONCAT('a', 'b')), at DATETIME DEFAULT (NOW()) ON UPDATE CURRENT_TIMESTAMP)`);
    const table = await describeOnly(room);
    const names = (is: (column: ColumnDescription) => boolean): string[] =>
      table.columns.filter(is).map((column) => column.name);
    expect(table.columns).toHaveLength(7);
    expect(names((column) => column.generated)).toEqual(['plus', 'kept', 'both_']);
    expect(names((column) => column.invisible)).toEqual(['hidden', 'both_']);
    expect(names((column) => column.onUpdateStamp)).toEqual(['at']);
  }, isModern);
});

test('JSON is json in MySQL and text in MariaDB', async () => {
  await onEach(async (room, name) => {
    await room.database.exec('CREATE TABLE docs (doc JSON)');
    const [doc] = (await describeOnly(room)).columns;
    expect(doc && columnForm(doc)).toBe(name === 'MySQL' ? 'json' : 'text');
  }, isModern);
});

test('what MariaDB notes behind a type is not part of it', async () => {
  await onEach(
    async (room) => {
      await room.database.exec(`CREATE TABLE noted (words VARCHAR(100) COMPRESSED, body TEXT COMPRESSED)`);
      const { columns } = await describeOnly(room);
      expect(columns.map((column) => column.columnType)).toEqual(['varchar(100)', 'text']);
    },
    (name) => name.startsWith('MariaDB'),
  );
});

describe('keys and indexes', () => {
  test('a primary key comes first, columns in the order of the key', async () => {
    await onEach(async (room) => {
      await room.database.exec(`CREATE TABLE keyed (a INT NOT NULL, b INT NOT NULL, c INT NOT NULL,
        UNIQUE KEY a_first (a), PRIMARY KEY (c, b), KEY \`odd \`\`name\` (b, a))`);
      const table = await describeOnly(room);
      expect(table.key).toEqual(['c', 'b']);
      expect(table.indexes.find((index) => index.name === 'odd `name')?.columns.map(({ name }) => name)).toEqual([
        'b',
        'a',
      ]);
      expect(toPlanTable(table, table.key)).toMatchObject({ key: ['c', 'b'], keyIsAutoIncrement: false });
    });
  });

  test('a unique index will do, unless it takes NULL or only the beginning of a text', async () => {
    await onEach(async (room) => {
      await room.database.exec(`CREATE TABLE loose (a INT NULL, b VARCHAR(50) NOT NULL, c INT NOT NULL,
        UNIQUE KEY k1 (a), UNIQUE KEY k2 (b(5)), UNIQUE KEY k3 (c))`);
      const table = await describeOnly(room);
      expect(table.key).toEqual(['c']);
      expect(table.indexes.find((index) => index.name === 'k2')?.columns).toEqual([
        { name: 'b', nullable: false, prefix: true },
      ]);
    });
  });

  test('there may be no key at all', async () => {
    await onEach(async (room) => {
      await room.database.exec('CREATE TABLE heap (a INT NULL, UNIQUE KEY (a))');
      expect((await describeOnly(room)).key).toEqual([]);
    });
  });

  test('what the server computes is no key', async () => {
    await onEach(
      async (room) => {
        await room.database.exec(`CREATE TABLE derived (a INT NOT NULL, b INT AS (a * 2) STORED NOT NULL,
        UNIQUE KEY (b), UNIQUE KEY later (a))`);
        expect((await describeOnly(room)).key).toEqual(['a']);
      },
      (name) => name === 'MySQL',
    );
  });

  test('an index on words, places or an expression serves no range', async () => {
    await onEach(async (room, name) => {
      const expression = name === 'MySQL' ? ', KEY computed ((YEAR(at)))' : '';
      const srid = name === 'MySQL' ? ' SRID 0' : '';
      await room.database.exec(`CREATE TABLE special (id BIGINT AUTO_INCREMENT PRIMARY KEY, words TEXT,
        place POINT NOT NULL${srid}, at DATETIME, FULLTEXT KEY (words), SPATIAL KEY (place), KEY (at)${expression})
        ENGINE=${name === 'MySQL' ? 'InnoDB' : 'MyISAM'}`);
      const table = await describeOnly(room);
      expect(table.indexes.map((index) => index.name).toSorted()).toEqual(['PRIMARY', 'at']);
      const planned = toPlanTable(table, table.key);
      expect(planned.keyIsAutoIncrement).toBe(true);
      expect(planned.columns.filter((column) => column.indexed).map((column) => column.name)).toEqual(['id', 'at']);
    });
  });
});

describe('tables', () => {
  test('are listed without views and sequences, with those that keep their history', async () => {
    await onEach(
      async (room) => {
        await room.database.exec(`CREATE TABLE plain (id INT PRIMARY KEY);
          CREATE TABLE kept (id INT PRIMARY KEY) WITH SYSTEM VERSIONING;
          CREATE SEQUENCE counter; CREATE VIEW looked AS SELECT * FROM plain`);
        const tables = await describeTables(room.session);
        expect(tables.map((table) => table.name)).toEqual(['kept', 'plain']);
        expect(tables[0]?.columns.map((column) => column.name)).toEqual(['id']);
      },
      (name) => name.startsWith('MariaDB'),
    );
  });

  test('are found by name, whatever the name', async () => {
    await onEach(async (room) => {
      await room.database.exec(
        "CREATE TABLE `it's ``odd``` (`a b` INT, `select` INT, `ü` INT); CREATE TABLE other (a INT)",
      );
      const [table, ...more] = await describeTables(room.session, ["it's `odd`", 'missing']);
      expect(more).toEqual([]);
      expect(table?.columns.map((column) => column.name)).toEqual(['a b', 'select', 'ü']);
      expect(await describeTables(room.session, [])).toEqual([]);
    });
  });

  test('are estimated: exactly for MyISAM', async () => {
    await onEach(async (room) => {
      await room.database.exec(`CREATE TABLE counted (id INT) ENGINE=MyISAM;
        INSERT INTO counted VALUES (1), (2), (3)`);
      const before = await describeOnly(room);
      await room.database.exec('INSERT INTO counted VALUES (4), (5)');
      const after = await describeOnly(room);
      expect([before.estimatedRows, after.estimatedRows]).toEqual([3, 5]);
      expect(after).toMatchObject({ engine: 'MyISAM' });
      expect(after.estimatedBytes).toBeGreaterThan(0);
    });
  });

  test('show only the stamp that moves by itself as such', async () => {
    await onEach(async (room) => {
      await room.database.exec(`CREATE TABLE stamped (id INT PRIMARY KEY,
        made TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, unset TIMESTAMP NULL,
        moved TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)`);
      const table = await describeOnly(room);
      expect(['made', 'unset', 'moved'].map((name) => columnNamed(table, name)?.onUpdateStamp)).toEqual([
        false,
        false,
        true,
      ]);
    });
  });
});

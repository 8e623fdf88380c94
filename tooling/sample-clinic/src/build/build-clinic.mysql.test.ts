import { testServers } from '@tidemark/testkit';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksums, countOf, emptyDatabase } from '../../test/test-clinic.ts';
import { CANARY } from '../chance/canary.ts';
import { SPECIAL_TEXTS } from '../chance/special-values.ts';
import { dayAtTheClinic } from '../day/day-at-the-clinic.ts';
import { CLINIC_TABLES } from '../schema/clinic-tables.ts';
import { buildClinic } from './build-clinic.ts';
import { longestText } from './row-encoder.ts';
import { rowCounts } from './row-counts.ts';

const PATIENTS = 200;

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let connection: Connection;
let counts: Readonly<Record<string, number>>;

beforeAll(async () => {
  database = await emptyDatabase(testServers().source);
  ({ connection } = database);
  counts = await buildClinic(connection, { seed: 1, patients: PATIENTS });
});

afterAll(() => database[Symbol.asyncDispose]());

/** The columns of a type, as table and column quoted for SQL. */
function columnsOf(type: RegExp): { table: string; column: string }[] {
  return CLINIC_TABLES.flatMap(({ name, columns }) =>
    columns
      .filter((column) => type.test(column.type))
      .map((column) => ({ table: `\`${name}\``, column: `\`${column.name}\`` })),
  );
}

/** In how many columns of a type some row fulfils a condition on the column, written as `?`. */
async function columnsWith(type: RegExp, condition: string, parameters: unknown[] = []): Promise<number> {
  const parts = columnsOf(type).map(
    ({ table, column }) => `EXISTS (SELECT 1 FROM ${table} WHERE ${condition.replaceAll('@', column)})`,
  );
  return countOf(
    connection,
    `SELECT ${parts.join(' + ')}`,
    parts.flatMap(() => parameters),
  );
}

test('the rows are as many as planned, and as told', async () => {
  const found: Record<string, number> = {};
  for (const { name } of CLINIC_TABLES) found[name] = await countOf(connection, 'SELECT COUNT(*) FROM ??', [name]);
  expect(found).toEqual(Object.fromEntries(rowCounts(PATIENTS)));
  expect(counts).toEqual(found);
});

test('the same seed builds the same rows, another seed others', async () => {
  await using same = await emptyDatabase(testServers().source);
  await buildClinic(same.connection, { seed: 1, patients: PATIENTS });
  await using other = await emptyDatabase(testServers().source);
  await buildClinic(other.connection, { seed: 2, patients: PATIENTS });
  const sums = await checksums(connection);
  expect(await checksums(same.connection)).toEqual(sums);
  const others = await checksums(other.connection);
  // The names of user groups are the only ones not left to chance.
  expect(Object.keys(sums).filter((table) => sums[table] === others[table])).toEqual(['usergroup']);
});

describe('special values', () => {
  test.each(SPECIAL_TEXTS.map((text) => [JSON.stringify(text), text]))('text %s', async (_, text) => {
    expect(await columnsWith(/text|varchar\(255\)/, '@ = BINARY ?', [text])).toBeGreaterThan(20);
  });

  test.each([
    ['0001-01-01', 40],
    ['0000-00-00', 5],
    ['1902-07-31', 5],
    ['2099-12-31', 5],
  ])('date %s', async (date, columns) => {
    expect(await columnsWith(/^date$/, '@ = ?', [date])).toBeGreaterThan(columns);
  });

  test.each(['0000-00-00 00:00:00', '0001-01-01 12:00:00', '2024-11-03 01:30:00'])('datetime %s', async (text) => {
    expect(await columnsWith(/^datetime$/, '@ = ?', [text])).toBeGreaterThan(2);
  });

  test('times below zero and beyond a day', async () => {
    expect(await columnsWith(/^time$/, `@ < '00:00:00'`)).toBeGreaterThan(2);
    expect(await columnsWith(/^time$/, `@ > '24:00:00'`)).toBeGreaterThan(2);
  });

  test('an enumeration of five in tinyint(1)', async () => {
    expect(await columnsWith(/^tinyint\(1\)/, '@ = 5')).toBeGreaterThan(5);
  });

  test('amounts exact to the last bit, and floats that six digits do not tell', async () => {
    expect(await columnsWith(/^double$/, '@ = 0.30000000000000004e0')).toBeGreaterThan(10);
    expect(await columnsWith(/^float$/, '@ BETWEEN 7.1234560e0 AND 7.1234570e0')).toBeGreaterThan(2);
  });

  test('keys, and links to them, beyond what a JavaScript number holds, beside small ones', async () => {
    for (const column of ['commlog.CommlogNum', 'sheet.SheetNum', 'sheetfield.SheetNum']) {
      const [table = ''] = column.split('.');
      expect(
        await countOf(connection, `SELECT COUNT(*) FROM ${table} WHERE ${column} > 9007199254740993`),
      ).toBeGreaterThan(5);
      expect(
        await countOf(connection, `SELECT COUNT(*) FROM ${table} WHERE ${column} BETWEEN 1 AND 100000`),
      ).toBeGreaterThan(5);
    }
  });

  test('forms stamped by workstations, ahead of the server and behind it', async () => {
    const days = `SELECT COUNT(*) FROM sheet WHERE DateTSheetEdited`;
    expect(await countOf(connection, `${days} < DateTimeSheet AND DateTSheetEdited > '2010-01-01'`)).toBeGreaterThan(0);
    expect(await countOf(connection, `${days} > DateTimeSheet`)).toBeGreaterThan(0);
  });
});

test('stamps are spread over the years before the practice clock, some to the same second', async () => {
  const stamped = CLINIC_TABLES.flatMap(({ name, stamp }) => (stamp === undefined ? [] : [{ name, stamp }]));
  expect(stamped).toHaveLength(35);
  for (const { name, stamp } of stamped) {
    const late = 'SELECT COUNT(*) FROM ?? WHERE ?? >= ? OR ?? < ?';
    const outside = await countOf(connection, late, [name, stamp, '2025-03-31', stamp, '2017-01-01']);
    expect({ name, outside }).toEqual({ name, outside: 0 });
  }
  const ties = 'SELECT COUNT(*) - COUNT(DISTINCT SecDateTEdit) FROM paysplit';
  expect(await countOf(connection, ties)).toBeGreaterThan(10);
});

test.each([
  ['procedurelog', 'PatNum', 'patient', 'PatNum'],
  ['patientnote', 'PatNum', 'patient', 'PatNum'],
  ['patient', 'Guarantor', 'patient', 'PatNum'],
  ['claimproc', 'ProcNum', 'procedurelog', 'ProcNum'],
  ['claimproc', 'ClaimNum', 'claim', 'ClaimNum'],
  ['paysplit', 'PayNum', 'payment', 'PayNum'],
  ['paysplit', 'ProcNum', 'procedurelog', 'ProcNum'],
  ['procnote', 'ProcNum', 'procedurelog', 'ProcNum'],
  ['sheetfield', 'SheetNum', 'sheet', 'SheetNum'],
  ['securityloghash', 'SecurityLogNum', 'securitylog', 'SecurityLogNum'],
  ['statementprod', 'StatementNum', 'statement', 'StatementNum'],
  ['periomeasure', 'PerioExamNum', 'perioexam', 'PerioExamNum'],
])('%s.%s leads to a row of %s or is 0', async (child, column, parent, key) => {
  const lost = `SELECT COUNT(*) FROM \`${child}\` c LEFT JOIN \`${parent}\` p ON p.\`${key}\` = c.\`${column}\`
                 WHERE c.\`${column}\` <> 0 AND p.\`${key}\` IS NULL`;
  expect(await countOf(connection, lost)).toBe(0);
  expect(await countOf(connection, `SELECT COUNT(*) FROM \`${child}\` WHERE \`${column}\` <> 0`)).toBeGreaterThan(0);
});

test('a paysplit, its payment and its procedure belong to one patient', async () => {
  const strangers = `SELECT COUNT(*) FROM paysplit s JOIN payment y ON y.PayNum = s.PayNum
                       JOIN procedurelog l ON l.ProcNum = s.ProcNum
                      WHERE s.PatNum <> y.PatNum OR s.PatNum <> l.PatNum`;
  expect(await countOf(connection, strangers)).toBe(0);
});

test('with canary every text and key is marked, after a day of work too', async () => {
  await using marked = await emptyDatabase(testServers().source);
  await buildClinic(marked.connection, { seed: 1, patients: 60, canary: true });
  await dayAtTheClinic(marked.connection, { seed: 1, day: 1 });
  const unmarked: string[] = [];
  for (const { name, key, columns } of CLINIC_TABLES) {
    const lost = await countOf(marked.connection, 'SELECT COUNT(*) FROM ?? WHERE ?? NOT LIKE ?', [
      name,
      key,
      `${CANARY.keyDigits}%`,
    ]);
    if (lost > 0) unmarked.push(`${name}.${key}`);
    for (const column of columns) {
      const isLink = column.type.startsWith('bigint');
      if (!isLink && longestText(column.type) < CANARY.text.length) continue;
      const [empty, pattern] = isLink ? [0, `${CANARY.keyDigits}%`] : ['', `%${CANARY.text}%`];
      const bare = await countOf(marked.connection, 'SELECT COUNT(*) FROM ?? WHERE ?? <> ? AND ?? NOT LIKE ?', [
        name,
        column.name,
        empty,
        column.name,
        pattern,
      ]);
      if (bare > 0) unmarked.push(`${name}.${column.name}`);
    }
  }
  expect(unmarked).toEqual([]);
});

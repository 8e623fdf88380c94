import { onPoint } from '@tidemark/testkit';
import { beforeAll, describe, expect, test } from 'vitest';

import { untilNextSecond } from '../losses/second-session.ts';
import { sharedPipeline } from '../losses/shared-pipeline.ts';
import { shortOrLong } from '../races/how-long.ts';
import { COLUMN_CHANGES, type ColumnChange } from './column-changes.ts';
import { followHints, performHop } from './follow-hints.ts';
import {
  ASKED,
  change,
  expectSettled,
  studyTable,
  typeInRaw,
  work,
  type Engine,
  type StudiedTable,
} from './studied-table.ts';

const { pipeline } = sharedPipeline();

let tables = 0;

/** A table per change, copied and loaded, and made in an earlier second than the change. */
function studyAll(
  changes: readonly ColumnChange[],
  how: { readonly engine: Engine; readonly viewed?: string[] },
): (change: ColumnChange) => StudiedTable {
  const studied = new Map<ColumnChange, StudiedTable>();
  beforeAll(async () => {
    for (const one of changes) {
      const { column, value } = one;
      tables += 1;
      studied.set(one, await studyTable(pipeline(), { name: `t_${tables}`, column, value, ...how }));
    }
    await untilNextSecond(pipeline().source);
  });
  return (one) => {
    const table = studied.get(one);
    if (!table) throw new Error('Each change has a table.');
    return table;
  };
}

async function computesColumns(): Promise<boolean> {
  const [row] = await pipeline().source.query(`SELECT VERSION() LIKE '5.6.%' AS lacksThem`);
  return Number(row?.['lacksThem']) === 0;
}

// reconcile-replica.ts, ensure-replica-table.ts, recorded-structure.ts; reconcile-columns.ts, prepare-raw.ts, alter-raw.ts
describe('before a run, under a view that reads the column (MyISAM)', () => {
  const tableOf = studyAll(COLUMN_CHANGES, { engine: 'MyISAM' });

  test.for(COLUMN_CHANGES)('$change', async (changed, { skip }) => {
    if (changed.sql.includes('STORED') && !(await computesColumns())) skip('MySQL 5.6 computes no columns');
    const table = tableOf(changed);
    await change(table, changed.sql);
    await work(table);
    expect(await followHints(table)).toEqual(changed.toldUnderViews ?? changed.told ?? []);
    await expectSettled(table);
    expect(await typeInRaw(pipeline(), table.name, 'X')).toBe(changed.raw);
  });
});

describe('between the copy and the load, beside a view that does not read the column (InnoDB)', () => {
  const changes = COLUMN_CHANGES.filter(({ toldUnderViews }) => shortOrLong(toldUnderViews !== undefined, true));
  const tableOf = studyAll(changes, { engine: 'InnoDB', viewed: ['Num', 'Note'] });

  test.each(changes)('$change', async (changed) => {
    const table = tableOf(changed);
    await work(table);
    await pipeline().copy(table.name, ASKED);
    await change(table, changed.sql);
    await pipeline().load(table.name, ASKED);
    expect(await followHints(table)).toEqual(changed.told ?? []);
    await expectSettled(table);
    expect(await typeInRaw(pipeline(), table.name, 'X')).toBe(changed.raw);
  });
});

describe('while a copy is on, before its first row (MyISAM)', () => {
  const changes = COLUMN_CHANGES.filter(({ meanwhile }) => shortOrLong(meanwhile !== undefined, true));
  const tableOf = studyAll(changes, { engine: 'MyISAM', viewed: ['Num', 'Note'] });

  test.each(changes)('$change', async (changed) => {
    const table = tableOf(changed);
    {
      using _changed = onPoint('copy.run-recorded', table.name, async () => {
        await change(table, changed.sql);
        // Changed rows that the read meets in their new form.
        await pipeline().source.exec(`UPDATE ${table.name} SET Note = 'met' WHERE Num IN (3, 5, 21)`);
      });
      expect((await performHop(table, 'copy', ASKED))?.code).toBe(changed.meanwhile);
    }
    await work(table);
    expect(await followHints(table)).toEqual(changed.told ?? []);
    await expectSettled(table);
    expect(await typeInRaw(pipeline(), table.name, 'X')).toBe(changed.raw);
  });
});

describe('later on', () => {
  test('a column that was dropped comes back with another type', async () => {
    const table = await studyTable(pipeline(), {
      name: 'comes_back',
      engine: 'MyISAM',
      column: 'varchar(20) NOT NULL',
      value: (n) => `'text ${n}'`,
    });
    await change(table, 'ALTER TABLE t DROP COLUMN X');
    await work(table);
    expect(await followHints(table)).toEqual(['copy SCHEMA_INCOMPATIBLE']);
    await expectSettled(table);
    await change(table, 'ALTER TABLE t ADD COLUMN X int NOT NULL DEFAULT 5');
    await work(table);
    expect(await followHints(table)).toEqual([]);
    await expectSettled(table);
    expect(await typeInRaw(pipeline(), table.name, 'X')).toBe('text');
  });

  // choose-columns.ts
  test('the column that tables.yml names as the stamp is renamed: it is told, and read without it', async () => {
    const table = await studyTable(pipeline(), { name: 'restamped', engine: 'MyISAM', column: 'int', value: String });
    await change(
      table,
      'ALTER TABLE t CHANGE DateTStamp SecDateTEdit timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp',
    );
    expect(await followHints(table)).toEqual(['copy SCHEMA_INCOMPATIBLE']);
    await work(table);
    const { copy } = await pipeline().run(table.name, ASKED);
    expect(copy).toMatchObject({
      strategy: 'full_table',
      reason: expect.stringContaining('DateTStamp (the table has no such column)'),
    });
    await pipeline().expectEqual(table.name);
    const renamed = { ...ASKED, plan: { incrementalColumns: ['SecDateTEdit'] } };
    await pipeline().run(table.name, renamed);
    await work(table);
    expect((await pipeline().run(table.name, renamed)).copy.strategy).toBe('incremental');
    await pipeline().expectEqual(table.name);
  });
});

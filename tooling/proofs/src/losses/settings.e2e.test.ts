import { beforeEach, describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline, expectFollowed } = sharedPipeline();

/** As tables.yml lists them. */
function listed(...incrementalColumns: string[]): Asked {
  return { plan: { incrementalColumns, lookbackSeconds: { '*': 0 } } };
}

let tables = 0;
let table = '';

/** Two stamps that move apart: an update of one is not seen in the other. */
beforeEach(async () => {
  tables += 1;
  table = `document_${tables}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (DocNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40), Created datetime,
       Edited datetime) ENGINE=MyISAM;
     INSERT INTO ${table} VALUES (1, 'a', '2026-03-01', '2026-03-01'), (2, 'b', '2026-03-02', '2026-03-02'),
       (3, 'c', '2026-03-03', '2026-03-03')`,
  );
});

const edit = (doc: number, at: string): Promise<void> =>
  pipeline().source.exec(`UPDATE ${table} SET Note = CONCAT(Note, '!'), Edited = '${at}' WHERE DocNum = ${doc}`);

const create = (at: string): Promise<void> =>
  pipeline().source.exec(`UPDATE ${table} SET Note = CONCAT(Note, '!'), Created = '${at}' WHERE DocNum = 1`);

describe('incremental_columns in tables.yml', () => {
  // build-predicate.ts: a column without a watermark asks for a full read
  test('one added: what had moved in it before is not missed', async () => {
    await pipeline().run(table, listed('Created'));
    await edit(1, '2026-02-01');
    const { copy } = await pipeline().run(table, listed('Created', 'Edited'));
    expect(copy.reason).toBe('No usable watermark yet for Edited; changes that show only there would be missed.');
    await pipeline().expectEqual(table);
    await edit(2, '2026-03-03');
    await expectFollowed(table, listed('Created', 'Edited'));
  });

  test('one exchanged for another', async () => {
    await pipeline().run(table, listed('Created'));
    await edit(1, '2026-02-01');
    await pipeline().run(table, listed('Edited'));
    await pipeline().expectEqual(table);
    await edit(2, '2026-03-04');
    await expectFollowed(table, listed('Edited'));
  });

  // advance-watermarks.ts: watermarks of columns that were not observed stay
  test('one removed and taken back: its watermark stands where it was', async () => {
    await pipeline().run(table, listed('Created', 'Edited'));
    await edit(1, '2026-03-05');
    await create('2026-03-04');
    await pipeline().run(table, listed('Created'));
    await edit(2, '2026-03-04');
    await expectFollowed(table, listed('Created', 'Edited'));
    await create('2026-03-06');
    await expectFollowed(table, listed('Created', 'Edited'));
  });

  // choose-columns.ts: a name that is not in the table is left out, and said
  test('one misspelt or renamed: the others are followed', async () => {
    await pipeline().run(table, listed('Editted', 'Created'));
    await create('2026-03-04');
    await expectFollowed(table, listed('Editted', 'Created'));
    await edit(1, '2026-03-04');
    await pipeline().run(table, listed('Edited', 'Created'));
    await pipeline().expectEqual(table);
  });

  // plan.ts: no column left is no reason to find nothing
  test('all misspelt: the table is compared whole', async () => {
    await pipeline().run(table, listed('Editted'));
    await edit(1, '2026-03-04');
    const { copy } = await pipeline().run(table, listed('Editted'));
    expect(copy).toMatchObject({
      strategy: 'full_table',
      reason: 'No incremental column can be used: Editted (the table has no such column).',
    });
    await pipeline().expectEqual(table);
  });

  test('in other letters than the table has them', async () => {
    await pipeline().run(table, listed('edited'));
    await edit(1, '2026-03-04');
    await expectFollowed(table, listed('EDITED'));
  });
});

describe('columns of the source', () => {
  // reconcile-replica.ts: a column that is gone stops the table, and nothing is reported as copied
  test('an incremental column renamed there: refused, then rebuilt on request', async () => {
    await pipeline().run(table, listed('Edited'));
    await pipeline().source.exec(`ALTER TABLE ${table} CHANGE Edited DateTEdit datetime`);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'x', DateTEdit = '2026-03-09' WHERE DocNum = 1`);
    await expect(pipeline().copy(table, listed('DateTEdit'))).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE' });
    await pipeline().copy(table, { ...listed('DateTEdit'), fullRefresh: true });
    const before = await pipeline().replica.query(`SELECT Note FROM ${table} WHERE DocNum = 1`);
    expect(before).toEqual([{ Note: 'x' }]);
  });

  // marks-to-keep.ts: a watermark in wall clock says nothing of a column in UTC
  test('an incremental column of another type: read whole, and its watermark starts anew', async () => {
    await pipeline().run(table, listed('Edited'));
    await pipeline().source.exec(`ALTER TABLE ${table} MODIFY Edited datetime(3)`);
    await edit(1, '2026-03-02 00:00:00.5');
    const { copy } = await pipeline().run(table, listed('Edited'));
    expect(copy.reason).toBe('The key or a column type is not what it was at the last success.');
    await pipeline().expectEqual(table);
    await edit(2, '2026-03-03 00:00:00.001');
    await expectFollowed(table, listed('Edited'));
  });

  // copy-table.ts: structureFingerprint; old rows do not move their stamps when a column is added
  test('one added: the old rows bring its values', async () => {
    await pipeline().run(table, listed('Edited'));
    await pipeline().source.exec(`ALTER TABLE ${table} ADD Planned int NOT NULL DEFAULT 7 AFTER DocNum`);
    await pipeline().run(table, listed('Edited'));
    await pipeline().expectEqual(table);
    await edit(2, '2026-03-03');
    await expectFollowed(table, listed('Edited'));
  });
});

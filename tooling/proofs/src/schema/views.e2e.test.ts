import { expect, test } from 'vitest';

import { sharedPipeline } from '../losses/shared-pipeline.ts';
import { outcomeOf } from '../races/outcome-of.ts';
import { followHints } from './follow-hints.ts';
import { ASKED, change, columnsOfRaw, expectSettled, studyTable, typeInRaw, work } from './studied-table.ts';

const { pipeline } = sharedPipeline();

const VIEWS = `
  CREATE SCHEMA IF NOT EXISTS "Other marts";
  CREATE OR REPLACE VIEW "Other marts"."by X" AS SELECT "X", count(*) AS n FROM analytics.stg_t GROUP BY "X";
  CREATE MATERIALIZED VIEW IF NOT EXISTS analytics.kept AS SELECT * FROM "Other marts"."by X"`;

// refuseUnderViews in alter-raw.ts, views-on-raw.ts
test('views on views and materialized views: all are named in an order that works, and nothing is half done', async () => {
  const table = await studyTable(pipeline(), { name: 't', engine: 'MyISAM', column: 'int NOT NULL', value: String });
  await pipeline().warehouse.exec(VIEWS);
  const before = { columns: await columnsOfRaw(pipeline(), 't'), load: (await pipeline().states('t')).load };
  await change(table, 'ALTER TABLE t MODIFY X bigint NOT NULL, ADD COLUMN Room int NOT NULL DEFAULT 3');
  await work(table);
  await pipeline().copy('t', ASKED);
  const refused = await outcomeOf(pipeline().load('t', ASKED));
  expect(refused).toMatchObject({
    code: 'SCHEMA_INCOMPATIBLE',
    message:
      'warehouse: column X must go from integer to bigint, and views read it: analytics.kept, Other marts.by X, analytics.stg_t',
    hint: expect.stringContaining(
      '`DROP MATERIALIZED VIEW "analytics"."kept"; DROP VIEW "Other marts"."by X"; DROP VIEW "analytics"."stg_t"`',
    ),
  });
  expect(await columnsOfRaw(pipeline(), 't')).toEqual(before.columns);
  expect((await pipeline().states('t')).load).toMatchObject({
    watermarks: before.load?.watermarks,
    structure: before.load?.structure,
    rows: before.load?.rows,
  });
  const build = async (): Promise<void> => {
    await table.buildView();
    await pipeline().warehouse.exec(VIEWS);
  };
  expect(await followHints({ ...table, buildView: build })).toEqual(['load SCHEMA_INCOMPATIBLE']);
  expect(await typeInRaw(pipeline(), 't', 'X')).toBe('bigint');
  await expectSettled(table);
});

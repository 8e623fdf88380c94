import { stripVTControlCharacters } from 'node:util';

import type { PlanColumn } from '@tidemark/incremental';
import type { TablePlan } from '@tidemark/replicator';
import { describe, expect, it } from 'vitest';

import { skippedReport, toPlanReport } from './plan-report.ts';
import { renderPlans } from './render-plans.ts';

const stamp: PlanColumn = { name: 'DateTStamp', kind: 'timestamp', indexed: true, serverMaintained: true };

const planned: TablePlan = {
  table: 'patient',
  status: 'planned',
  plan: {
    kind: 'incremental',
    reason: { code: 'incremental', text: 'Rows where DateTStamp moved.' },
    observe: [stamp],
    skipped: [{ column: 'AptDate', why: 'not a column of the table' }],
    predicate: {
      sql: '(`DateTStamp` >= ? OR `PatNum` > ?)',
      params: ['2026-03-01 21:00:00', '4711'],
      branches: [
        { column: 'DateTStamp', operator: '>=', bound: '2026-03-01 21:00:00', indexed: true },
        { column: 'PatNum', operator: '>', bound: '4711', indexed: true },
      ],
      logic: 'or',
    },
    readBy: 'index',
  },
  key: ['PatNum'],
  indexed: ['PatNum', 'DateTStamp'],
  digestDue: true,
  estimatedRows: 20_000,
};

describe('toPlanReport', () => {
  it('tells strategy, reason, condition, columns and size', () => {
    expect(toPlanReport(planned)).toMatchObject({
      table: 'patient',
      status: 'planned',
      strategy: 'incremental',
      reasonCode: 'incremental',
      estimatedRows: 20_000,
      key: ['PatNum'],
      columnsKept: ['DateTStamp'],
      columnsSkipped: [{ column: 'AptDate', why: 'not a column of the table' }],
      digestDue: true,
      predicate: { sql: '(`DateTStamp` >= ? OR `PatNum` > ?)', readBy: 'index' },
    });
  });

  it('shows the bound of a stamp and never the value of a key', () => {
    const report = toPlanReport(planned);
    expect(report.predicate?.branches.map(({ bound }) => bound)).toEqual(['2026-03-01 21:00:00', null]);
    const text = renderPlans({ tables: [report] });
    expect(`${JSON.stringify(report)} ${text}`).not.toContain('4711');
  });
});

describe('renderPlans', () => {
  it('tells few plans in full', () => {
    const text = stripVTControlCharacters(renderPlans({ tables: [toPlanReport(planned)] }));
    expect(text).toContain("(`DateTStamp` >= '2026-03-01 21:00:00' OR `PatNum` > <highest copied>)");
    expect(text).toContain('AptDate: not a column of the table');
    expect(text).toContain('an index for each of DateTStamp, PatNum');
    expect(text).toContain('digest is due');
  });

  it('gives many plans a line each and a sum', () => {
    const tables = ['a', 'b', 'c', 'd'].map((table) => toPlanReport({ ...planned, table }));
    const gone = skippedReport({ table: 'gone', reason: 'not in the source' });
    const text = stripVTControlCharacters(renderPlans({ tables: [...tables, gone] }));
    expect(text).toMatch(/^a +incremental +20,000 +index: DateTStamp, PatNum +Rows where DateTStamp moved\.$/m);
    expect(text).toMatch(/^gone +skipped +– +– +not in the source$/m);
    expect(text).toContain('5 tables, 4 incremental, 1 skipped');
  });
});

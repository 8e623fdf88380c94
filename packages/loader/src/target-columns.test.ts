import { SEQUENCE_COLUMN } from '@tidemark/mysql';
import { describe, expect, it } from 'vitest';

import { targetColumns } from './target-columns.ts';
import { describeColumn } from './testing/describe-column.ts';

describe('targetColumns', () => {
  it('leaves the sequence column in the replica', () => {
    const columns = [describeColumn('id', 'int'), describeColumn(SEQUENCE_COLUMN, 'bigint unsigned')];
    expect(targetColumns('t', columns, ['id'])).toEqual([
      { source: columns[0], name: 'id', type: 'integer', isKey: true },
    ]);
  });

  it.for(['ctid', 'xmin', 'tableoid', '_tidemark_deleted_at'])('refuses a column named %s', (name) => {
    expect(() => targetColumns('t', [describeColumn(name, 'int')], [])).toThrow(
      expect.objectContaining({ code: 'SCHEMA_INCOMPATIBLE', table: 't' }),
    );
  });

  it('keeps names apart that differ in case only, as PostgreSQL does', () => {
    const columns = [describeColumn('patnum', 'int'), describeColumn('PatNum', 'int')];
    expect(targetColumns('t', columns, [])).toHaveLength(2);
  });
});

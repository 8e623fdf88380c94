import { describe, expect, it } from 'vitest';

import { reconcileColumns, type RawColumn } from './reconcile-columns.ts';
import { describeTarget } from './testing/describe-column.ts';

const raw = (name: string, type: string, more: Partial<RawColumn> = {}): RawColumn => ({
  name,
  type,
  notNull: false,
  hasDefault: false,
  computed: false,
  ...more,
});

const NO_CHANGES = { add: [], widen: [], dropNotNull: [], obstacles: [] };

describe('reconcileColumns', () => {
  it('changes nothing where raw is what it would make', () => {
    const wanted = [describeTarget('id', 'bigint', { isKey: true }), describeTarget('d', 'date')];
    const existing = [raw('id', 'bigint', { notNull: true }), raw('d', 'date')];
    expect(reconcileColumns(wanted, existing)).toEqual({ ...NO_CHANGES, columns: wanted });
  });

  it('adds, widens, and carries the types that raw has then', () => {
    const [id, a, b] = [
      describeTarget('id', 'int', { isKey: true }),
      describeTarget('a', 'bigint'),
      describeTarget('b', 'int'),
    ];
    const changes = reconcileColumns([id, a, b], [raw('id', 'bigint'), raw('a', 'integer')]);
    expect(changes).toMatchObject({ add: [b], widen: [{ name: 'a', from: 'integer', to: 'bigint' }], obstacles: [] });
    expect(changes.columns.map((column) => column.type)).toEqual(['bigint', 'bigint', 'integer']);
  });

  it('lets columns take NULL that may get one, the key never', () => {
    const wanted = [
      describeTarget('key', 'date', { isKey: true }),
      describeTarget('zero', 'date'),
      describeTarget('some', 'int', { nullable: true }),
      describeTarget('never', 'int'),
    ];
    const existing = wanted.map((column) => raw(column.name, column.type, { notNull: true }));
    expect(reconcileColumns(wanted, existing).dropNotNull).toEqual(['zero', 'some']);
  });

  it.for<[what: string, column: RawColumn, dropNotNull: string[]]>([
    ['nobody fills', raw('x', 'integer', { notNull: true }), ['x']],
    ['has a default', raw('x', 'integer', { notNull: true, hasDefault: true }), []],
    ['takes NULL', raw('x', 'integer'), []],
    ['computes itself', raw('x', 'integer', { notNull: true, computed: true }), []],
  ])('lets a column that only raw has and that %s take NULL where it must', ([, column, dropNotNull]) => {
    const id = describeTarget('id', 'int', { isKey: true });
    const changes = reconcileColumns([id], [raw('id', 'integer'), column]);
    expect(changes).toMatchObject({ dropNotNull, obstacles: [] });
  });

  it('names every obstacle, with types and without values', () => {
    const wanted = [describeTarget('a', 'varchar(5)'), describeTarget('b', 'int')];
    const existing = [raw('a', 'bytea'), raw('b', 'integer', { computed: true })];
    expect(reconcileColumns(wanted, existing).obstacles).toEqual([
      { column: 'a', isKey: false, why: 'column a is bytea in raw, and varchar(5) needs text' },
      { column: 'b', isKey: false, why: 'column b is computed by PostgreSQL' },
    ]);
  });
});

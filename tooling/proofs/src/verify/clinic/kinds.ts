import type { ClinicColumn, ClinicTable } from '@tidemark/sample-clinic';
import type { Cause, DifferenceKind } from '@tidemark/verifier';

import { damagedValue } from './column-values.ts';
import { DELETED_AT, rowStatements } from './row-statements.ts';

/** A table as far as differences can be planted in it. */
export interface Ground {
  readonly table: ClinicTable;
  /** Whether its deleted rows are marked in raw and not removed (`deletes: flag`). */
  readonly isFlagged: boolean;
  /** The key of a row that all three databases have, another one each time. */
  readonly takeKey: () => string;
  /** A key below all that there are. */
  readonly newLowKey: () => string;
  /** A key beyond all that there are. */
  readonly newHighKey: () => string;
  /** The key of a row that was deleted in the source, and from there in raw. */
  readonly goneKey: string;
  /** Rows with a value that a careless pipeline would damage; one for each way to do it. */
  readonly fragile: readonly Fragile[];
  /** A column that tells nothing of when a row was changed, another one each time. */
  readonly nextColumn: () => ClinicColumn;
}

/** A value that can be cut, rounded or shifted. */
export interface Fragile {
  readonly key: string;
  readonly column: ClinicColumn;
}

/** A difference, and what must be said of it. */
export interface Planted {
  readonly kind: string;
  readonly key: string;
  readonly found: DifferenceKind;
  readonly causes: readonly Cause[];
  readonly columns: readonly string[];
  /** Statements by side. */
  readonly source?: string;
  readonly replica?: string;
  readonly raw?: string;
}

/** Plants one difference, or several of its kind; none where the table has no room for it. */
export type Kind = (ground: Ground) => readonly Omit<Planted, 'kind'>[];

/** Rows over which the columns of a table are spread: each column is changed in one of them. */
const ROWS_OF_COLUMNS = 8;

/** Why no copy brought a change whose stamp is the old one. */
const unseen = ({ table }: Ground, stamped: Cause): Cause => (table.stamp === undefined ? 'no_stamp_column' : stamped);

function spread(columns: readonly ClinicColumn[]): ClinicColumn[][] {
  return Array.from({ length: Math.min(ROWS_OF_COLUMNS, columns.length) }, (_, row) =>
    columns.filter((_column, place) => place % ROWS_OF_COLUMNS === row),
  );
}

function valueColumns({ table }: Ground): ClinicColumn[] {
  return table.columns.filter(({ name }) => name !== table.key);
}

const names = (columns: readonly ClinicColumn[]): string[] => columns.map(({ name }) => name);

/** Rows that differ by other hands in the replica or in raw. */
const OTHER_HANDS: Readonly<Record<string, Kind>> = {
  'lost in the replica': ({ table, takeKey }) => {
    const key = takeKey();
    const replica = rowStatements(table, 'replica').remove(key);
    return [{ key, found: 'missing', causes: ['changed_in_replica'], columns: [], replica }];
  },
  'put into the replica': ({ table, takeKey, newLowKey, newHighKey }) =>
    [newLowKey(), newHighKey()].map((key) => ({
      key,
      found: 'extra',
      causes: ['changed_in_replica'],
      columns: [],
      replica: rowStatements(table, 'replica').copy(takeKey(), key),
    })),
  'changed in the replica': (ground) =>
    spread(valueColumns(ground)).map((columns) => {
      const key = ground.takeKey();
      return {
        key,
        found: 'different',
        causes: ['changed_in_replica'],
        columns: names(columns),
        replica: rowStatements(ground.table, 'replica').change(key, columns),
      };
    }),
  'lost in raw': ({ table, takeKey }) => {
    const key = takeKey();
    const raw = rowStatements(table, 'raw').remove(key);
    return [{ key, found: 'missing', causes: ['changed_in_raw'], columns: [], raw }];
  },
  'put into raw': ({ table, takeKey, newLowKey, newHighKey }) =>
    [newLowKey(), newHighKey()].map((key) => ({
      key,
      found: 'extra',
      causes: ['changed_in_raw'],
      columns: [],
      raw: rowStatements(table, 'raw').copy(takeKey(), key),
    })),
  'changed in raw': (ground) =>
    spread(valueColumns(ground)).map((columns) => {
      const key = ground.takeKey();
      return {
        key,
        found: 'different',
        causes: ['changed_in_raw'],
        columns: names(columns),
        raw: rowStatements(ground.table, 'raw').change(key, columns),
      };
    }),
  'damaged on the way to raw': ({ table, fragile }) =>
    fragile.map(({ key, column }) => ({
      key,
      found: 'different',
      causes: ['changed_on_the_way'],
      columns: [column.name],
      raw: rowStatements(table, 'raw').set(key, { [column.name]: damagedValue(column)?.sql ?? '' }),
    })),
  'lost in both': (ground) => {
    const key = ground.takeKey();
    const [replica, raw] = [
      rowStatements(ground.table, 'replica').remove(key),
      rowStatements(ground.table, 'raw').remove(key),
    ];
    const causes = [unseen(ground, 'late_commit')];
    return [{ key, found: 'missing', causes, columns: [], replica, raw }];
  },
};

/** Marks of `deletes: flag` that are wrong. */
const MARKS: Readonly<Record<string, Kind>> = {
  'marked though it is there': ({ table, isFlagged, takeKey }) => {
    if (!isFlagged) return [];
    const key = takeKey();
    const raw = rowStatements(table, 'raw').set(key, { [DELETED_AT]: 'now()' });
    const said = { found: 'different', causes: ['changed_in_raw'], columns: [DELETED_AT] } as const;
    return [{ key, ...said, raw }];
  },
  'gone and not marked': ({ table, isFlagged, goneKey: key }) => {
    if (!isFlagged) return [];
    const raw = rowStatements(table, 'raw').set(key, { [DELETED_AT]: 'NULL' });
    return [{ key, found: 'extra', causes: ['changed_in_raw'], columns: [], raw }];
  },
};

/** Changes of the source that no ordinary run brings. */
const UNSEEN: Readonly<Record<string, Kind>> = {
  'changed in the source without a stamp': (ground) =>
    spread(valueColumns(ground).filter(({ name }) => name !== ground.table.stamp)).map((columns) => {
      const key = ground.takeKey();
      return {
        key,
        found: 'different',
        causes: [unseen(ground, 'stamp_did_not_move')],
        columns: names(columns),
        source: rowStatements(ground.table, 'source').change(key, columns),
      };
    }),
  'stamped late': ({ table, takeKey, nextColumn }) => {
    const { stamp } = table;
    if (stamp === undefined) return [];
    const [key, column] = [takeKey(), nextColumn()];
    const source = rowStatements(table, 'source');
    return [
      {
        key,
        found: 'different',
        causes: ['late_commit'],
        columns: [column.name, stamp],
        source: `${source.change(key, [column])}; ${source.set(key, { [stamp]: `'2021-03-04 05:06:07'` })}`,
      },
    ];
  },
  'new with an old key and an old stamp': (ground) => {
    const key = ground.newLowKey();
    const source = rowStatements(ground.table, 'source').copy(ground.takeKey(), key);
    const causes = [unseen(ground, 'late_commit')];
    return [{ key, found: 'missing', causes, columns: [], source }];
  },
  'deleted in the source': ({ table, takeKey }) => {
    const key = takeKey();
    const source = rowStatements(table, 'source').remove(key);
    return [{ key, found: 'extra', causes: ['deleted_in_source'], columns: [], source }];
  },
};

/** Two things wrong with one row. */
const TWICE: Readonly<Record<string, Kind>> = {
  'changed in source and raw': (ground) => {
    const [key, here, there] = [ground.takeKey(), ground.nextColumn(), ground.nextColumn()];
    return [
      {
        key,
        found: 'different',
        causes: [unseen(ground, 'stamp_did_not_move'), 'changed_in_raw'],
        columns: [here.name, there.name],
        source: rowStatements(ground.table, 'source').change(key, [here]),
        raw: rowStatements(ground.table, 'raw').change(key, [there]),
      },
    ];
  },
  'changed in source and replica': (ground) => {
    const [key, here, there] = [ground.takeKey(), ground.nextColumn(), ground.nextColumn()];
    return [
      {
        key,
        found: 'different',
        causes: [unseen(ground, 'stamp_did_not_move'), 'changed_in_replica'],
        columns: [here.name, there.name],
        source: rowStatements(ground.table, 'source').change(key, [here]),
        replica: rowStatements(ground.table, 'replica').change(key, [there]),
      },
    ];
  },
  'changed in replica and raw': ({ table, takeKey, nextColumn }) => {
    const [key, here, there] = [takeKey(), nextColumn(), nextColumn()];
    return [
      {
        key,
        found: 'different',
        causes: ['changed_in_replica', 'changed_in_raw'],
        columns: [here.name, there.name],
        replica: rowStatements(table, 'replica').change(key, [here]),
        raw: rowStatements(table, 'raw').change(key, [there]),
      },
    ];
  },
  'deleted in the source and changed in raw': ({ table, takeKey, nextColumn }) => {
    const key = takeKey();
    return [
      {
        key,
        found: 'extra',
        causes: ['deleted_in_source', 'changed_in_raw'],
        columns: [],
        source: rowStatements(table, 'source').remove(key),
        raw: rowStatements(table, 'raw').change(key, [nextColumn()]),
      },
    ];
  },
};

/** Every kind of difference, by what was done. */
export const KINDS: Readonly<Record<string, Kind>> = { ...OTHER_HANDS, ...MARKS, ...UNSEEN, ...TWICE };

import type { WantedColumn } from './wanted-table.ts';

/** UTC without a zone, as every time in these tables; see docs/decisions/0002. */
const UTC_NOW = "(now() AT TIME ZONE 'UTC')";

const TEXT_TYPES = ['character varying', 'text'];

/** Also when it has a zone already: then a view kept it so, and it holds the right instant. */
export function timeColumn(name: string, rest: Partial<WantedColumn> = {}): WantedColumn {
  return {
    name,
    type: 'timestamp(6)',
    accepts: ['timestamp without time zone'],
    convert: { 'timestamp with time zone': "? AT TIME ZONE 'UTC'" },
    ...rest,
  };
}

export function textColumn(name: string, size: number, rest: Partial<WantedColumn> = {}): WantedColumn {
  return { name, type: `varchar(${size})`, accepts: TEXT_TYPES, ...rest };
}

export function countColumn(name: string, rest: Partial<WantedColumn> = {}): WantedColumn {
  return { name, type: 'bigint', accepts: ['bigint'], default: '0', ...rest };
}

/** The plan's columns of a status table in the warehouse, with the columns every one of them has besides. */
export function statusColumns(last: string, rows: string, status: string): WantedColumn[] {
  return [
    textColumn('table_name', 255, { notNull: true }),
    timeColumn(last, { notNull: true, default: "'1969-01-01 00:00:00'" }),
    countColumn(rows),
    textColumn(status, 50, { default: "'pending'" }),
    timeColumn('_loaded_at', { accepts: [], default: UTC_NOW }),
    timeColumn('_created_at', { accepts: [], default: UTC_NOW }),
    timeColumn('_updated_at', { accepts: [], default: UTC_NOW }),
    textColumn('last_error', 64),
    { name: 'consecutive_failures', type: 'integer', accepts: ['integer', 'bigint'], notNull: true, default: '0' },
  ];
}

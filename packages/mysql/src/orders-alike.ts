import { columnForm } from './column-form.ts';
import type { MysqlSession } from './open-session.ts';
import type { ColumnDescription, TableDescription } from './types.ts';

/** A table, and the server that has it. */
export interface TableSide {
  readonly session: MysqlSession;
  readonly table: TableDescription;
}

/**
 * Whether both servers put keys in the same order, so that a range of keys holds the same rows on both sides. Numbers,
 * dates and bytes have one order; text has that of its collation, which the other side may not have.
 */
export function ordersAlike(left: TableSide, right: TableSide, key: readonly string[]): boolean {
  const sameProduct = left.session.facts.flavor === right.session.facts.flavor;
  return key.every((name) => {
    const [here, there] = [left, right].map(({ table }) => table.columns.find((column) => column.name === name));
    if (here === undefined || there === undefined || columnForm(here) !== 'text') return true;
    const [ours, theirs] = [withoutCharset(here), withoutCharset(there)];
    return ours === theirs && (sameProduct || ours === 'bin' || ours === 'general_ci');
  });
}

/** `general_ci` of `utf8mb3_general_ci`: the kinds of utf8 order all that they share alike. Other charsets stay apart. */
function withoutCharset(column: ColumnDescription): string | undefined {
  return column.collation?.replace(/^utf8(mb[34])?_/, '');
}

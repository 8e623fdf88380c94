import { columnForm, type ColumnDescription } from '@tidemark/mysql';

import type { CopyContext } from './copy-context.ts';

/**
 * Whether both servers put keys in the same order, so that a range of keys holds the same rows on both sides. Numbers,
 * dates and bytes have one order; text has that of its collation, which the replica may not have.
 */
export function ordersAlike(context: CopyContext): boolean {
  const sameProduct = context.source.facts.flavor === context.replica.facts.flavor;
  return context.key.every((name) => {
    const [source, replica] = [context.sourceTable, context.replicaTable].map((table) => find(table.columns, name));
    if (source === undefined || replica === undefined || columnForm(source) !== 'text') return true;
    const [left, right] = [withoutCharset(source), withoutCharset(replica)];
    return left === right && (sameProduct || left === 'bin' || left === 'general_ci');
  });
}

function find(columns: readonly ColumnDescription[], name: string): ColumnDescription | undefined {
  return columns.find((column) => column.name === name);
}

/** `general_ci` of `utf8mb3_general_ci`: the kinds of utf8 order all that they share alike. Other charsets stay apart. */
function withoutCharset(column: ColumnDescription): string | undefined {
  return column.collation?.replace(/^utf8(mb[34])?_/, '');
}

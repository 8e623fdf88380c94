import { quoteMysqlIdentifier, type IncrementalPlan, type PredicateBranch } from '@tidemark/incremental';
import {
  columnForm,
  createChunkPace,
  walkKeyRanges,
  WHOLE_TABLE,
  type ChunkPace,
  type MysqlParameter,
} from '@tidemark/mysql';

import { atMost } from './await-turn.ts';
import type { CopyContext } from './copy-context.ts';
import type { ReadPiece } from './read-source.ts';

/** Rows that one indexed branch may select and still be read by one statement. */
const MOST_ROWS_BY_INDEX = 20_000;
/** Keys that one range of a walk may span: most of its rows are only looked at, not sent. */
const MOST_ROWS_PER_WALK = 200_000;

/**
 * The bounded statements that read the rows an incremental plan selects.
 *
 * Where every branch has an index and selects few rows, each branch is one statement of its own (an OR over two columns
 * would make the server scan). Otherwise the key is walked and the predicate filters each range.
 */
export async function* findChanges(
  context: CopyContext,
  plan: IncrementalPlan,
  pace: ChunkPace,
): AsyncGenerator<ReadPiece> {
  if (plan.readBy === 'index' && (await selectsFewRows(context, plan))) {
    for (const branch of branchFilters(context, plan)) yield { range: WHOLE_TABLE, filter: branch };
    return;
  }
  const filter = { sql: plan.predicate.sql, params: plan.predicate.branches.map((branch) => bound(context, branch)) };
  const ranges = walkKeyRanges(context.source, {
    table: context.sourceTable,
    key: context.key,
    rowsPerRange: () => pace.rows(),
  });
  for await (const range of ranges) yield { range, filter };
}

/** The pace of a walk: ranges as long as the server scans in about half a second. */
export function walkPace(context: CopyContext): ChunkPace {
  return createChunkPace({ mostRows: atMost(context, MOST_ROWS_PER_WALK) });
}

/** An integer must reach the server as one: compared with a text it would become a double and lose digits past 2^53. */
function bound(context: CopyContext, branch: PredicateBranch): MysqlParameter {
  const column = context.columns.find((candidate) => candidate.name === branch.column);
  return column && columnForm(column) === 'integer' ? BigInt(branch.bound) : branch.bound;
}

function branchFilters(context: CopyContext, plan: IncrementalPlan): { sql: string; params: MysqlParameter[] }[] {
  return plan.predicate.branches.map((branch) => ({
    sql: `${quoteMysqlIdentifier(branch.column)} ${branch.operator} ?`,
    params: [bound(context, branch)],
  }));
}

async function selectsFewRows(context: CopyContext, plan: IncrementalPlan): Promise<boolean> {
  const table = quoteMysqlIdentifier(context.sourceTable.name);
  const most = atMost(context, MOST_ROWS_BY_INDEX);
  for (const branch of branchFilters(context, plan)) {
    const [row] = await context.source.query(
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM ${table} WHERE ${branch.sql} LIMIT ${most + 1}) AS selected`,
      branch.params,
    );
    if (Number(row?.['n'] ?? 0) > most) return false;
  }
  return true;
}

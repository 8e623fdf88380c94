import { TidemarkError } from '@tidemark/errors';

import { judgeDeletes, type DeletesToJudge } from './judge-deletes.ts';

/** Why so many rows are not deleted; null where they are. */
export function whyNotDeleted(table: string, deletes: DeletesToJudge): TidemarkError | null {
  const verdict = judgeDeletes(deletes);
  if (verdict === 'allowed') return null;
  const { missing } = deletes;
  const why =
    verdict === 'source_empty'
      ? `the source table is empty and the replica has ${missing} rows`
      : `${missing} rows are in the replica and no longer in the source, more than the cap allows`;
  return new TidemarkError('DELETE_CAP', {
    message: `${why}: nothing was deleted`,
    hint: `Make sure that the source table is whole, then run \`tidemark run ${table} --allow-deletes\`.`,
    table,
  });
}

import { keyColumns, keyListCondition, WHOLE_TABLE } from '@tidemark/mysql';

import type { CopyContext } from './copy-context.ts';
import { batches } from './delete-missing.ts';
import type { Differences } from './find-differences.ts';
import type { ReadPiece } from './read-source.ts';

/** The statements that read rows named by a comparison. */
export function* readDifferences(
  context: CopyContext,
  { ranges, changedKeys }: Pick<Differences, 'ranges' | 'changedKeys'>,
): Generator<ReadPiece> {
  for (const range of ranges) yield { range };
  const columns = keyColumns(context.sourceTable, context.key);
  for (const keys of batches(changedKeys)) yield { range: WHOLE_TABLE, filter: keyListCondition(columns, keys) };
}

import type { ChangeCounts, RowCounts } from '@tidemark/tracking';

import { formatCount } from '../render/format.ts';

/** `+12 ~30 -1`: inserted, updated, deleted. */
export function renderChanges({
  rowsInserted,
  rowsUpdated,
  rowsDeleted,
}: Pick<RowCounts, 'rowsInserted' | 'rowsUpdated' | 'rowsDeleted'>): string {
  const parts = [
    rowsInserted > 0 ? `+${formatCount(rowsInserted)}` : '',
    rowsUpdated > 0 ? `~${formatCount(rowsUpdated)}` : '',
    rowsDeleted > 0 ? `-${formatCount(rowsDeleted)}` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(' ') : 'no change';
}

const WORDS: Readonly<Record<string, string>> = {
  zeroDates: 'zero dates to NULL',
  nulStripped: 'texts without their NUL characters',
  outOfRange: 'values out of range to NULL',
};

/** `3 zero dates to NULL`: what promise P10 counts; null where nothing was changed. A kind without words keeps its name. */
export function renderValueChanges(changes: ChangeCounts): string | null {
  const parts = Object.entries(changes).flatMap(([kind, count]) =>
    count > 0 ? [`${formatCount(count)} ${WORDS[kind] ?? kind}`] : [],
  );
  return parts.length > 0 ? parts.join(', ') : null;
}

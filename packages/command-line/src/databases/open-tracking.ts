import { readConnections } from '@tidemark/config';
import { openCopyTracking, openLoadTracking, type CopyTracking, type LoadTracking } from '@tidemark/tracking';

import type { Setup } from '../settings/set-up.ts';

/** The tracking of both databases, for commands that only look at it. */
export interface BothTrackings extends AsyncDisposable {
  readonly copy: CopyTracking;
  readonly load: LoadTracking;
}

const READERS = { poolSize: 2 } as const;

/** @throws TidemarkError when a setting is wrong or a database cannot be reached */
export async function openBothTrackings({ environment }: Pick<Setup, 'environment'>): Promise<BothTrackings> {
  const { replica, warehouse } = readConnections(environment, ['replica', 'warehouse']);
  await using opening = new AsyncDisposableStack();
  const copy = await openCopyTracking(replica, READERS);
  opening.defer(() => copy.close());
  const load = await openLoadTracking(warehouse, { ...READERS, schema: warehouse.schema });
  opening.defer(() => load.close());
  const opened = opening.move();
  return { copy, load, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

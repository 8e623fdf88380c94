import { verifyTable, type Scope, type Verified, type VerifyDeps } from '@tidemark/verifier';

import { copyInput, type Asked, type Pipeline } from '../pipeline.ts';

/** Verifies a table of a pipeline, with the settings that its copies get. */
export function verify(
  pipeline: Pipeline,
  table: string,
  {
    scope = { kind: 'full' },
    throttle,
    mostRowsKept,
    onProgress,
    replica = pipeline.replica.endpoint,
    ...asked
  }: Asked &
    Partial<Pick<VerifyDeps, 'throttle' | 'mostRowsKept' | 'onProgress' | 'replica'>> & { readonly scope?: Scope } = {},
): Promise<Verified> {
  const { plan, primaryKey, deletes, timeColumnZone } = copyInput(table, asked).settings;
  return verifyTable(
    {
      source: asked.source ?? pipeline.source.endpoint,
      replica,
      copyTracking: pipeline.copyTracking,
      loadTracking: pipeline.loadTracking,
      signal: asked.signal,
      throttle,
      mostRowsKept,
      onProgress,
      pauseMs: 50,
    },
    { table, settings: { plan, primaryKey, deletes, timeColumnZone }, scope },
  );
}

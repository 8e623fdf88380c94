import { NO_FAULT, type Progress } from '@tidemark/command-line/run';
import type { Scope, VerifyDeps } from '@tidemark/verifier';

import type { VerifiedTable } from './verify-report.ts';

export interface FollowedTable {
  readonly onProgress: NonNullable<VerifyDeps['onProgress']>;
  readonly onPause: NonNullable<VerifyDeps['onPause']>;
  readonly onResume: NonNullable<VerifyDeps['onResume']>;
  end(result: VerifiedTable): void;
}

/** Shows one table while it is compared. */
export function followTable(
  progress: Progress,
  { table, scope, estimatedRows }: { table: string; scope: Scope['kind']; estimatedRows: number },
): FollowedTable {
  const of = { hop: 'verify', table } as const;
  let compared = 0;
  progress.take({ type: 'started', ...of, plan: scope, estimatedRows });
  return {
    onProgress: (rows) => {
      compared += rows;
      progress.take({ type: 'progress', ...of, rows: compared });
    },
    onPause: () => progress.take({ type: 'paused', ...of }),
    onResume: () => progress.take({ type: 'resumed', ...of }),
    end: ({ error }) => {
      const isFailed = error !== undefined && NO_FAULT[error.code] === undefined;
      progress.finish({ ...of, status: isFailed ? 'failed' : 'success' });
    },
  };
}

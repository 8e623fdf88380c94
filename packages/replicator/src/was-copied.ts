import type { HopState } from '@tidemark/tracking';

/** Whether rows of the table are in the replica, those of a first copy that did not end included. */
export function wasCopied(state: Pick<HopState, 'succeeded' | 'resume'> | null): boolean {
  return state !== null && (state.succeeded || state.resume !== null);
}

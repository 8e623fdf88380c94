import { TidemarkError, type ErrorCode } from '@tidemark/errors';

/** How a hop of a table ended. */
export type Outcome =
  | { readonly code: null }
  | { readonly code: ErrorCode; readonly message: string; readonly hint: string };

/** Waits for work that may fail as Tidemark fails; any other error is a defect and goes on. */
export async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return { code: null };
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    const { code, message, hint } = error;
    return { code, message, hint };
  }
}

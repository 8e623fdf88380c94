import { TidemarkError } from '@tidemark/errors';

/** The TidemarkError that an act ends with. */
export function refusalOf(act: () => unknown): TidemarkError {
  try {
    act();
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
  throw new Error('the act was expected to be refused');
}

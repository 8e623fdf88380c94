import { TidemarkError } from '@tidemark/errors';

/** What work failed with. Any error but Tidemark's own is a defect and goes on, and so is success. */
export async function failureOf(work: Promise<unknown>): Promise<TidemarkError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

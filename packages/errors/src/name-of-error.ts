/** `RangeError`, `QueryFailedError`, …: one word, as classes have it. */
const CLASS_NAME = /^\w{1,60}$/;

/** What kind of thing was thrown, for telling it: never a text that came with it (promise P8). */
export function nameOfError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return typeof error.name === 'string' && CLASS_NAME.test(error.name) ? error.name : 'Error';
}

import { TidemarkError } from '@tidemark/errors';

const PROBLEMS_SHOWN = 20;

/** One CONFIG_INVALID for all problems found, one line each, so that a file is mended in one go. */
export function configInvalid(problems: readonly string[], hint: string): TidemarkError {
  const shown = problems.slice(0, PROBLEMS_SHOWN);
  const hidden = problems.length - shown.length;
  if (hidden > 0) shown.push(`… and ${hidden} more`);
  return new TidemarkError('CONFIG_INVALID', { message: shown.join('\n'), hint });
}

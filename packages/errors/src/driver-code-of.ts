interface Codes {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly sqlState?: unknown;
}

/** A constant of a driver, of Node or of ours, or an SQLSTATE. */
const CODE = /^(?:[A-Z][A-Z0-9_]{2,60}|[0-9A-Z]{5})$/;
const HIGHEST_ERRNO = 99_999;

/**
 * The codes of whatever was thrown: `ER_DUP_ENTRY 1062 23000`, `23505`; empty where there is none. What has not the
 * form of a code is not told (promise P8).
 */
export function driverCodeOf(error: unknown): string {
  const { code, errno, sqlState }: Codes = typeof error === 'object' && error !== null ? error : {};
  const isCode = (part: unknown): boolean => typeof part === 'string' && CODE.test(part);
  const isErrno = (part: unknown): boolean => typeof part === 'number' && Math.abs(part) <= HIGHEST_ERRNO;
  return [code, errno, sqlState].filter((part) => isCode(part) || isErrno(part)).join(' ');
}

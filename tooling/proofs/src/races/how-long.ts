/** `pnpm test:long` sets it: minutes instead of seconds, hundreds instead of a few. */
const IS_LONG = process.env['TIDEMARK_TEST_LONG'] === '1';

/** The short form of a test in `pnpm test`, the long one in `pnpm test:long`. */
export function shortOrLong<Value>(short: Value, long: Value): Value {
  return IS_LONG ? long : short;
}

/** TIDEMARK_TEST_SEED, or another one each time. A test that uses it has it in its name. */
export function seedOfThisRun(): number {
  return Number(process.env['TIDEMARK_TEST_SEED'] ?? Math.trunc(performance.timeOrigin) % 2 ** 31);
}

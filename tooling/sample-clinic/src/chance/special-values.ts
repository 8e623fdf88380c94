/** Texts that break careless escaping, encoding or comparison. All fit a three-byte character set. */
export const SPECIAL_TEXTS = [
  'line one\nline two\r\nline three',
  'tab\there\tand there',
  'back\\slash, C:\\temp\\new, ends with \\',
  '\\N',
  `it's "quoted" \`so\`; -- not a comment`,
  'NUL \0 inside',
  'café, naïve, São Paulo',
  '漢字 歯科 テスト',
  '',
  '   spaces around   ',
  'NULL',
  '%s {0} ${x} <b>&amp;</b>',
  'control \u0001 and \u001a',
  '\r',
  'ß İ ﬁ',
  'combining a\u0301 and \u200b zero width',
  '0001-01-01',
] as const;

/** Sentinels, both ends of what people type by mistake, and a leap day. */
export const SPECIAL_DATES = [
  '0001-01-01',
  '0000-00-00',
  '1902-07-31',
  '2099-12-31',
  '1980-01-01',
  '1900-01-01',
  '2024-02-29',
] as const;

/** As {@link SPECIAL_DATES}, with the hour that a Chicago autumn has twice and the one its spring has not. */
export const SPECIAL_DATETIMES = [
  '0001-01-01 00:00:00',
  '0000-00-00 00:00:00',
  '0001-01-01 12:00:00',
  '1902-07-31 00:00:00',
  '2099-12-31 23:59:59',
  '2024-11-03 01:30:00',
  '2024-03-10 02:30:00',
] as const;

/** Beyond what PostgreSQL's `time` holds. */
export const SPECIAL_TIMES = ['-08:30:00', '36:15:00', '-00:00:01', '838:59:59', '-838:59:59', '24:00:00'] as const;

/** Amounts that lose digits when printed short or put through a decimal. */
export const SPECIAL_DOUBLES = [
  0.1 + 0.2,
  -45.005,
  1.1 * 3,
  100 / 3,
  1_234_567.891,
  1e-7,
  9_007_199_254_740_991,
] as const;

/** Single-precision values that six printed digits do not bring back. */
export const SPECIAL_FLOATS = [0.1, 16_777_216, 7.123_456_7, -0.333_333_34, 1234.5678] as const;

/** What OpenDental keeps in a `tinyint(1)` column: an enumeration, not a boolean. */
export const SPECIAL_FLAG = 5;

/** Recognisable values, for tests that look for patient data where none may be. */
export const CANARY = {
  /** Stands in every text long enough to hold it. */
  text: 'CANARY7f3a',
  /** Every key, and every number that points at one, is this or more; its digits begin with `7731`. */
  firstKey: 77_310_000_001,
  /** Random keys, too long for a JavaScript number, begin with the same digits. */
  keyDigits: '7731',
  /** Finds either in a log line, an error or a report. The digits of a fraction hold a key's only by chance. */
  pattern: /CANARY7f3a|(?<!\d|\d\.)7731\d{7,15}/,
} as const;

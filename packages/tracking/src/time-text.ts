/**
 * Times in the tracking tables are UTC without a zone. As text: `YYYY-MM-DD HH:MM:SS.ffffff`, always six digits.
 *
 * Tolerates what a column that kept an older type prints: no fraction, or an offset of zero.
 */
export function timeText(value: string): string {
  const [whole = '', fraction = ''] = value
    .replace('T', ' ')
    .replace(/(?:Z|[+]00(?::?00)?)$/, '')
    .split('.');
  return `${whole}.${fraction.padEnd(6, '0').slice(0, 6)}`;
}

/** The same as ISO 8601 UTC, microseconds kept. */
export function isoTime(value: string): string {
  return `${timeText(value).replace(' ', 'T')}Z`;
}

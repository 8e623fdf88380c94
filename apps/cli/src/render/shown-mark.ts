/** A watermark that is a time may be shown; a number may be the key of a row and may not (promise P8). */
export function shownMark(mark: string): string | null {
  return /^\d{4}-\d\d-\d\d/.test(mark) ? mark : null;
}

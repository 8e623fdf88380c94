/** This rung cannot be used here; the message says why. Nothing was left behind. */
export class RungUnavailable extends Error {
  override readonly name = 'RungUnavailable';
}

const NEWLINE = 10;
const NOTHING: Buffer = Buffer.alloc(0);

/** Walks a stream of encoded rows line by line. Memory: one piece of the stream, and the longest line. */
export class LineCursor {
  /** Lines met so far. */
  lines = 0;
  readonly #pieces: AsyncIterator<Buffer>;
  #buffer = NOTHING;
  #from = 0;
  #to = 0;
  #next = 0;

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Goes to the next line where it is here already; null when the stream must be asked (`next`). */
  tryNext(): true | null {
    const end = this.#buffer.indexOf(NEWLINE, this.#next);
    if (end === -1) return null;
    this.#from = this.#next;
    this.#to = end;
    this.#next = end + 1;
    this.lines += 1;
    return true;
  }

  /** Goes to the next line; false when there is none. */
  async next(): Promise<boolean> {
    while (this.tryNext() === null) {
      const piece = await this.#pieces.next();
      if (piece.done === true) return false;
      const rest = this.#buffer.subarray(this.#next);
      this.#buffer = rest.length === 0 ? piece.value : Buffer.concat([rest, piece.value]);
      this.#next = 0;
    }
    return true;
  }

  /** The line, valid until the next one. */
  line(): Buffer {
    return this.#buffer.subarray(this.#from, this.#to);
  }

  isSameAs(other: LineCursor): boolean {
    const length = this.#to - this.#from;
    if (length !== other.#to - other.#from) return false;
    return this.#buffer.compare(other.#buffer, other.#from, other.#to, this.#from, this.#to) === 0;
  }
}

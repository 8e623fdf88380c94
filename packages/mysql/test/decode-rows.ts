export type DecodedRow = (Buffer | null)[];

const LETTERS = { copy: { b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }, load: { 0: 0, b: 8, n: 10, r: 13, t: 9, Z: 26 } };

/**
 * Reads PostgreSQL's COPY text or MySQL's LOAD DATA text as the manuals of the two servers say: a character at a time,
 * the field's end looked for before escapes are resolved.
 */
export function decodeLines(text: Buffer, format: keyof typeof LETTERS): DecodedRow[] {
  const rows: DecodedRow[] = [];
  let row: DecodedRow = [];
  let field: number[] = [];
  let isNull = false;
  const endField = (): void => {
    row.push(isNull ? null : Buffer.from(field));
    field = [];
    isNull = false;
  };
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte === 9) endField();
    else if (byte === 10) {
      endField();
      rows.push(row);
      row = [];
    } else if (byte === 92) {
      at += 1;
      const letter = String.fromCharCode(text[at] ?? 0);
      const known: Readonly<Record<string, number>> = LETTERS[format];
      if (letter === 'N' && field.length === 0) isNull = true;
      else field.push(known[letter] ?? text[at] ?? 0);
    } else {
      if (byte === 13 && format === 'copy') throw new Error('PostgreSQL refuses a literal carriage return.');
      field.push(byte);
    }
  }
  if (row.length > 0 || field.length > 0) throw new Error('The last row has no end.');
  return rows;
}

/** Reads a list of `(…),(…),` as MySQL's parser does with backslash escapes on. Numbers and functions are not run. */
export function decodeTuples(sql: Buffer): (string | Buffer | null)[][] {
  const rows: (string | Buffer | null)[][] = [];
  let at = 0;
  const expectText = (text: string): void => {
    const found = sql.toString('latin1', at, at + text.length);
    if (found !== text) throw new Error(`Expected ${text} at ${at}, found ${found}.`);
    at += text.length;
  };
  while (at < sql.length) {
    const row: (string | Buffer | null)[] = [];
    expectText('(');
    for (;;) {
      const value = readValue();
      row.push(value);
      if (sql[at] !== 44) break;
      at += 1;
    }
    expectText('),');
    rows.push(row);
  }
  return rows;

  function readValue(): string | Buffer | null {
    if (sql[at] === 39) return readQuoted();
    const call = /^(?:NULL|UNHEX\(|CAST\(|\d+)/.exec(sql.toString('latin1', at, at + 20))?.[0];
    if (call === undefined) throw new Error(`No value at ${at}.`);
    at += call.length;
    if (call === 'NULL') return null;
    if (/^\d/.test(call)) return call;
    const inner = readQuoted();
    expectText(call === 'UNHEX(' ? ')' : ' AS UNSIGNED)');
    return inner;
  }

  function readQuoted(): Buffer {
    expectText("'");
    const bytes: number[] = [];
    for (;;) {
      const byte = sql[at] ?? -1;
      at += 1;
      if (byte === -1) throw new Error('A quoted text has no end.');
      if (byte === 92) {
        const letter = String.fromCharCode(sql[at] ?? 0);
        const known: Readonly<Record<string, number>> = LETTERS.load;
        bytes.push(known[letter] ?? sql[at] ?? 0);
        at += 1;
      } else if (byte !== 39) bytes.push(byte);
      else if (sql[at] === 39) {
        bytes.push(39);
        at += 1;
      } else return Buffer.from(bytes);
    }
  }
}

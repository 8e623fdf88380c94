import type { Value } from './same-value.ts';

const TAB = 9;
const BACKSLASH = 92;

/** Letter after the backslash → byte. COPY writes b, f, n, r, t, v; LOAD DATA n, r, t, 0. */
const LETTERS: ReadonlyMap<number, number> = new Map([
  [0x62, 8],
  [0x66, 12],
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
  [0x76, 11],
  [0x30, 0],
]);

/** Cuts a line of COPY or LOAD DATA text into its fields, as they stand there. */
export function splitFields(line: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let from = 0;
  for (let to = line.indexOf(TAB); to !== -1; to = line.indexOf(TAB, from)) {
    fields.push(line.subarray(from, to));
    from = to + 1;
  }
  fields.push(line.subarray(from));
  return fields;
}

/** The value of a field; null for `\N`. */
export function fieldValue(field: Buffer): Value {
  if (field.length === 2 && field[0] === BACKSLASH && field[1] === 0x4e) return null;
  if (!field.includes(BACKSLASH)) return field;
  const value = Buffer.allocUnsafe(field.length);
  let at = 0;
  for (let read = 0; read < field.length; read += 1) {
    let byte = field[read] ?? 0;
    if (byte === BACKSLASH) {
      read += 1;
      byte = LETTERS.get(field[read] ?? 0) ?? field[read] ?? 0;
    }
    value[at] = byte;
    at += 1;
  }
  return value.subarray(0, at);
}

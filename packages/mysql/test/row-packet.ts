/** A value of a row: NULL, or bytes, with the width that its length is written in (MySQL takes the shortest). */
export interface PacketValue {
  readonly bytes: Buffer | null;
  /** Bytes of the length: 1, 2, 3 or 8. The shortest that fits when left out. */
  readonly width?: 1 | 2 | 3 | 8;
}

/** Builds the packet of a row in MySQL's text protocol, after four bytes that stand for the packet's head. */
export function rowPacket(values: readonly PacketValue[]): Buffer {
  const parts = values.flatMap(({ bytes, width }) =>
    bytes === null ? [Buffer.from([0xfb])] : [lengthPrefix(bytes.length, width ?? 1), bytes],
  );
  return Buffer.concat([Buffer.from('head'), ...parts]);
}

function lengthPrefix(length: number, least: 1 | 2 | 3 | 8): Buffer {
  if (least === 1 && length <= 250) return Buffer.from([length]);
  if (least <= 2 && length < 2 ** 16) return Buffer.from([0xfc, length & 0xff, length >> 8]);
  if (least <= 3 && length < 2 ** 24) return Buffer.from([0xfd, length & 0xff, (length >> 8) & 0xff, length >> 16]);
  const prefix = Buffer.alloc(9, 0);
  prefix[0] = 0xfe;
  prefix.writeUInt32LE(length, 1);
  return prefix;
}

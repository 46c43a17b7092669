/** A JSON header and byte arrays as one byte array: lengths first, so that nothing is scanned for. */
export interface Packet {
  readonly header: unknown;
  readonly blobs: readonly Uint8Array[];
}

/** What a byte of the head takes at most once it is parsed to names, numbers and objects. */
export const PARSED_BYTES_PER_HEAD_BYTE = 4;

/** Layout: length of the head (32 bits, little-endian), the head as JSON, the blobs. */
const LENGTH_BYTES = 4;

export function encodePacket({ header, blobs }: Packet): Uint8Array {
  const head = new TextEncoder().encode(
    JSON.stringify({ header, lengths: blobs.map(({ length }) => length) }),
  );
  const start = LENGTH_BYTES + head.length;
  const bytes = new Uint8Array(blobs.reduce((sum, { length }) => sum + length, start));
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, LENGTH_BYTES);
  let at = start;
  for (const blob of blobs) {
    bytes.set(blob, at);
    at += blob.length;
  }
  return bytes;
}

/**
 * Takes a packet apart; the blobs are copies of exact size.
 *
 * @throws {Error} if the bytes are not a packet
 */
export function decodePacket(bytes: Uint8Array): Packet {
  const { header, blobs } = splitPacket(bytes);
  return { header, blobs: blobs.map((blob) => new Uint8Array(blob)) };
}

/**
 * Takes a packet apart; the blobs are parts of its memory.
 *
 * @throws {Error} if the bytes are not a packet
 */
export function splitPacket(bytes: Uint8Array): Packet {
  if (bytes.length < LENGTH_BYTES) throw new Error("the packet is too short");
  const headBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
  let at = LENGTH_BYTES + headBytes;
  if (at > bytes.length) throw new Error("the packet's head is cut off");
  const head: unknown = JSON.parse(
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(LENGTH_BYTES, at)),
  );
  const { header, lengths } = asRecord(head);
  if (!Array.isArray(lengths)) throw new Error("the packet has no lengths");
  const blobs = lengths.map((length: unknown) => {
    if (!Number.isSafeInteger(length) || (length as number) < 0 || at + (length as number) > bytes.length) {
      throw new Error("a length of the packet is wrong");
    }
    const blob = bytes.subarray(at, at + (length as number));
    at += blob.length;
    return blob;
  });
  if (at !== bytes.length) throw new Error("the packet is too long");
  return { header, blobs };
}

/** @throws {Error} if the value is not an object */
export function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("an object was expected");
  return value as Record<string, unknown>;
}

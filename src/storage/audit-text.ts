/** Marks a text that was cut. */
const CUT = "…";

/**
 * A text of a note as it is kept: a long one is cut where a character ends.
 * @param mostBytes of UTF-8, with the mark at its end
 * @returns a copy, which does not hold on to a large text of which it is a part
 */
export function auditText(text: string, mostBytes: number): string {
  const bytes = new Uint8Array(mostBytes);
  const { read, written } = new TextEncoder().encodeInto(text, bytes);
  if (read === text.length) return new TextDecoder().decode(bytes.subarray(0, written));
  const room = bytes.subarray(0, mostBytes - Buffer.byteLength(CUT));
  const kept = new TextEncoder().encodeInto(text, room).written;
  return new TextDecoder().decode(room.subarray(0, kept)) + CUT;
}

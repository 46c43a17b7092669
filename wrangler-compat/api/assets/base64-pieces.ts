/** A multiple of four characters: each piece stands for itself. */
const PIECE_CHARS = 64 * 1024;

/** How many bytes a text in base64 stands for; null if it is none. Spaces and line ends are none. @see RFC 4648 §4 */
export function base64Size(text: Uint8Array): number | null {
  if (text.length % 4 !== 0) return null;
  let padding = 0;
  while (padding < 2 && text[text.length - 1 - padding] === 0x3d) padding++;
  return (text.length / 4) * 3 - padding;
}

/**
 * The bytes that a text in base64 stands for, a piece at a time, so that others have their turn in between.
 * @param wrong Makes what is thrown for a text that is no base64
 */
export async function* base64Pieces(text: Uint8Array, wrong: () => Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    const piece = Buffer.from(text.buffer, text.byteOffset + at, Math.min(PIECE_CHARS, text.length - at));
    const bytes = Buffer.from(piece.toString("latin1"), "base64");
    // What is no base64 is left out by the decoder, and then something is missing.
    if (bytes.length !== base64Size(piece)) throw wrong();
    yield bytes;
  }
}

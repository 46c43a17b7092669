/** Longest text or byte array that one question may bring. */
const MAX_UNITS = 128 * 1024 * 1024;

const encoder = new TextEncoder();
/** One decoder for each of the four ways, by `fatal` and `ignoreBOM`. */
const decoders = [false, true].map((fatal) =>
  [false, true].map((ignoreBOM) => new TextDecoder("utf-8", { fatal, ignoreBOM })),
);

/** Answers `utf8Encode`: the UTF-8 bytes of a text. */
export function utf8Encode(text: unknown): Uint8Array | null {
  if (typeof text !== "string" || text.length > MAX_UNITS) return null;
  const bytes = encoder.encode(text);
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

/** Answers `utf8Decode`: the text, or null where `fatal` is set and the bytes are malformed. */
export function utf8Decode(bytes: unknown, fatal: unknown, ignoreBOM: unknown): string | null {
  if (!(bytes instanceof Uint8Array) || bytes.length > MAX_UNITS) return null;
  try {
    return decoders[Number(fatal === true)]![Number(ignoreBOM === true)]!.decode(bytes);
  } catch {
    return null;
  }
}

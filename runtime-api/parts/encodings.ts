import { normalizeEncoding } from "@exodus/bytes/encoding-lite.js";
import { createSinglebyteDecoder } from "@exodus/bytes/single-byte.js";

/** All labels of the Encoding standard, and its encodings of one byte per character. */
export const part = {
  /** The name, in lower case, of the encoding that a label stands for; null if there is none. */
  normalizeEncoding,
  /** Makes a decoder. It throws a TypeError at malformed bytes unless it is `loose`. */
  createSinglebyteDecoder,
};

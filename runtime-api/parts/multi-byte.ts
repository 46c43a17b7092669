import { createMultibyteDecoder } from "@exodus/bytes/multi-byte.js";

/** The encodings of the Encoding standard that have tables: Chinese, Japanese and Korean ones. */
export const part = {
  /**
   * Makes a decoder, which keeps half a character between calls with `stream`. It throws a TypeError at
   * malformed bytes unless it is `loose`.
   */
  createMultibyteDecoder,
};

/** Turns bytes of one encoding into text, whole or piece by piece. BOMs are the caller's business. */
export interface StreamDecoder {
  /**
   * The text of the next bytes. With `stream` more will follow, and what is incomplete at the end waits for it.
   * Null where the bytes are malformed and the decoder is fatal; it is as new then.
   */
  decode(bytes: Uint8Array<ArrayBuffer>, stream: boolean): string | null;
}

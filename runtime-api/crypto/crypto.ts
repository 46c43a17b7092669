import { DOMException } from "../dom-exception/dom-exception.ts";
import { QuotaExceededError } from "../dom-exception/quota-exceeded-error.ts";
import { Bytes, bytesOf, isView, typedArrayKind, typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { digestStreamPart, subtlePart } from "./crypto-parts.ts";
import type * as Streams from "./digest-stream.ts";
import { fillRandom } from "./random.ts";
import type { SubtleCrypto } from "./subtle-crypto.ts";

let constructing = false;
const HEX = "0123456789abcdef";
const FLOATS = {
  __proto__: null,
  Float16Array: true,
  Float32Array: true,
  Float64Array: true,
} as unknown as Record<string, boolean | undefined>;

/** `crypto`: random values from the cell, and digests. */
export class Crypto {
  #brand = true;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
  }

  get subtle(): SubtleCrypto {
    void this.#brand;
    return subtlePart.get().subtle;
  }

  /** Cloudflare's addition: a stream that only computes a digest. */
  get DigestStream(): typeof Streams.DigestStream {
    void this.#brand;
    return digestStreamPart.get().DigestStream;
  }

  getRandomValues<T extends ArrayBufferView>(array: T): T {
    void this.#brand;
    if (!isView(array)) {
      throw new TypeErrorOf(
        "Failed to execute 'getRandomValues' on 'Crypto': parameter 1 is not an ArrayBufferView.",
      );
    }
    const kind = typedArrayKind(array);
    if (kind === undefined || FLOATS[kind] === true) {
      throw new DOMException(
        "The view passed to getRandomValues() must be an array of integers.",
        "TypeMismatchError",
      );
    }
    const bytes = bytesOf(array) as Uint8Array;
    if (typedLength(bytes) > 65_536) {
      throw new QuotaExceededError(
        `getRandomValues() only accepts up to 65536 bytes, not ${typedLength(bytes)}.`,
      );
    }
    fillRandom(bytes);
    return array;
  }

  randomUUID(): string {
    void this.#brand;
    const bytes = new Bytes(16);
    fillRandom(bytes);
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    let text = "";
    for (let i = 0; i < 16; i++) {
      const byte = bytes[i] as number;
      if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
      text += (HEX[byte >> 4] as string) + (HEX[byte & 15] as string);
    }
    return text;
  }
}

constructing = true;
/** The only instance. */
export const crypto: Crypto = new Crypto();
constructing = false;

import { DOMException } from "../dom-exception/dom-exception.ts";
import { QuotaExceededError } from "../dom-exception/quota-exceeded-error.ts";
import { bytesOf, isView, typedArrayKind, typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { digestStreamPart, subtlePart } from "./crypto-parts.ts";
import type * as Streams from "./digest-stream.ts";
import { fillRandom } from "./random.ts";
import { randomUuid } from "./random-uuid.ts";
import type { SubtleCrypto } from "./subtle-crypto.ts";

let constructing = false;
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
    return randomUuid();
  }
}

constructing = true;
/** The only instance. */
export const crypto: Crypto = new Crypto();
constructing = false;

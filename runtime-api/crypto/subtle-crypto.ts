import { RUNTIME_SLOT } from "../contract/boot.ts";
import { Op } from "../contract/calls.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { io } from "../io/io.ts";
import { bytesCopy, bytesOf, typedBuffer, typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { promiseReject, promiseThen } from "../primordials/promise.ts";
import { stringToUpperCase } from "../primordials/string.ts";

let constructing = false;

/** Digests that the cell computes; MD5 is there because Workers allow it. */
const DIGESTS = {
  __proto__: null,
  "SHA-1": true,
  "SHA-256": true,
  "SHA-384": true,
  "SHA-512": true,
  MD5: true,
} as unknown as Record<string, boolean | undefined>;

/** The part of Web Crypto that exists so far: digests, computed by the cell off its event loop. */
export class SubtleCrypto {
  #brand = true;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
  }

  digest(algorithm: string | { name: string }, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer> {
    try {
      void this.#brand;
      const given = typeof algorithm === "object" && algorithm !== null ? algorithm.name : algorithm;
      const name = stringToUpperCase(`${given}`);
      if (DIGESTS[name] !== true) {
        throw new DOMException(
          `Unrecognized or unimplemented digest algorithm requested: "${given}".`,
          "NotSupportedError",
        );
      }
      const bytes = bytesOf(data);
      if (bytes === undefined) {
        throw new TypeErrorOf(
          "Failed to execute 'digest' on 'SubtleCrypto': parameter 2 is not an ArrayBuffer or a view on one.",
        );
      }
      const { promise } = io.call(RUNTIME_SLOT, Op.digest, [name, bytesCopy(bytes)]);
      return promiseThen(promise, (values) => typedBuffer(values[0] as Uint8Array) as ArrayBuffer);
    } catch (error) {
      return promiseReject(error);
    }
  }

  /** Cloudflare's addition: compares in a time that does not depend on the contents. */
  timingSafeEqual(a: ArrayBuffer | ArrayBufferView, b: ArrayBuffer | ArrayBufferView): boolean {
    void this.#brand;
    const left = bytesOf(a);
    const right = bytesOf(b);
    if (left === undefined || right === undefined) {
      throw new TypeErrorOf(
        "Failed to execute 'timingSafeEqual' on 'SubtleCrypto': both parameters must be ArrayBuffers or views.",
      );
    }
    const length = typedLength(left);
    if (length !== typedLength(right)) throw new TypeErrorOf("Input buffers must have the same byte length.");
    let different = 0;
    for (let i = 0; i < length; i++) different |= (left[i] as number) ^ (right[i] as number);
    return different === 0;
  }
}

constructing = true;
/** The only instance. */
export const subtle: SubtleCrypto = new SubtleCrypto();
constructing = false;

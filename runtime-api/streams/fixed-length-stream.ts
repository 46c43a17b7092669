import { TypeErrorOf } from "../primordials/errors.ts";
import { NumberOf, numberIsInteger } from "../primordials/values.ts";
import { countNext, IdentityTransformStream, takeReadable } from "./identity-transform-stream.ts";
import { setStreamLength } from "./stream-length.ts";

/**
 * The identity transform of Cloudflare Workers through which a known number of bytes goes. A response or request
 * whose body is its readable end is sent with that number as `Content-Length`.
 */
export class FixedLengthStream extends IdentityTransformStream {
  /**
   * @param expectedLength bytes that will be written, no more and no less
   * @throws TypeError if it is no integer from 0 to 2^53 - 1
   */
  constructor(expectedLength: number | bigint, queuingStrategy?: { highWaterMark?: number }) {
    const expected = readLength(expectedLength);
    let left = expected;
    countNext({
      write(bytes) {
        left -= bytes;
        if (left < 0) throw new TypeErrorOf("Attempt to write too many bytes through a FixedLengthStream.");
      },
      close() {
        if (left > 0)
          throw new TypeErrorOf("FixedLengthStream did not see all expected bytes before close().");
      },
    });
    super(queuingStrategy);
    setStreamLength(takeReadable(), expected);
  }
}

function readLength(given: unknown): number {
  const length = typeof given === "bigint" ? NumberOf(given) : +(given as number);
  if (!numberIsInteger(length) || length > NumberOf.MAX_SAFE_INTEGER)
    throw new TypeErrorOf("FixedLengthStream requires an integer expected length less than 2^53.");
  if (length < 0)
    throw new TypeErrorOf(
      "The value cannot be converted because it is negative and this API expects a positive number.",
    );
  return length;
}

import type { Flat } from "../contract/flat.ts";
import { sendBody, streamBody } from "../fetch/body.ts";
import { flattenBody } from "../fetch/fetch.ts";
import { bytesCopy, bytesOf } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { isDisturbed, isLocked, isReadableStream } from "../streams/stream-state.ts";

/**
 * The value of a put as it travels: whole if it is small, else as a stream; a body of the host that
 * nobody has read goes by its id.
 */
export function putBody(value: unknown): readonly [kind: number, value: Flat] {
  if (typeof value === "string") return flattenBody(value);
  const bytes = bytesOf(value);
  if (bytes !== undefined) return flattenBody(bytesCopy(bytes));
  if (!isReadableStream(value)) {
    throw new TypeErrorOf(
      "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.",
    );
  }
  if (isLocked(value) || isDisturbed(value))
    throw new TypeErrorOf(
      "This ReadableStream is disturbed (has already been read from), and cannot be used as a body.",
    );
  return flattenBody(sendBody(streamBody(value)));
}

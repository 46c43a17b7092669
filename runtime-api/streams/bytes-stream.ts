import { CHUNK_BYTES } from "../contract/bounds.ts";
import { bytesCopy, typedLength } from "../primordials/bytes.ts";
import { mathMin } from "../primordials/values.ts";
import { makeStream } from "./stream-state.ts";
import type { ByteStream } from "./stream-state.ts";

/** The face of a byte stream's controller that sources of the runtime use. */
export interface ByteController {
  readonly byobRequest: { respond(bytesWritten: number): void } | null;
  enqueue(chunk: Uint8Array): void;
  close(): void;
  error(reason: unknown): void;
}

/** Closes a byte stream, answering a read into the reader's own buffer if one waits. */
export function closeByteStream(controller: ByteController): void {
  controller.close();
  controller.byobRequest?.respond(0);
}

/** Makes a byte stream that asks `source` for bytes only when it is read. */
export function lazyByteStream(source: {
  start?(controller: ByteController): void;
  pull(controller: ByteController): void | Promise<void>;
  cancel?(reason: unknown): void | Promise<void>;
}): ByteStream {
  return makeStream({ __proto__: null, type: "bytes", ...source }, { __proto__: null, highWaterMark: 0 });
}

/**
 * A byte stream of the bytes that `load` gives at the first read, in chunks that are copies: the
 * bytes themselves stay the caller's.
 */
export function bytesStream(load: () => Uint8Array): ByteStream {
  let bytes: Uint8Array | undefined;
  let offset = 0;
  return lazyByteStream({
    pull(controller) {
      bytes ??= load();
      const end = mathMin(offset + CHUNK_BYTES, typedLength(bytes));
      if (end > offset) controller.enqueue(bytesCopy(bytes, offset, end));
      offset = end;
      if (offset === typedLength(bytes)) closeByteStream(controller);
    },
  });
}

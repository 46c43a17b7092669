import { structuredClone } from "../clone/structured-clone.ts";
import { makeStream, readerCancel, readerRead, streamReader } from "../streams/stream-state.ts";
import type { ByteStream } from "../streams/stream-state.ts";

/**
 * A stream of structured clones of another's chunks, as the second branch of a cloned body has them. It
 * fails with the DataCloneError of a chunk that cannot be cloned.
 */
export function cloneChunks(stream: ByteStream): ByteStream {
  const reader = streamReader(stream);
  return makeStream(
    {
      __proto__: null,
      async pull(controller: { enqueue(chunk: unknown): void; close(): void }) {
        const { done, value } = await readerRead(reader);
        if (done) controller.close();
        else controller.enqueue(structuredClone(value));
      },
      cancel: (reason: unknown) => readerCancel(reader, reason),
    },
    { __proto__: null, highWaterMark: 0 },
  );
}

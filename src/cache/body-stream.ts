import type { CacheReading } from "../storage/cache-store.ts";
import type { ByteRange } from "./byte-range.ts";

/** How much is read at once. */
const PIECE_BYTES = 64 * 1024;

/** A stored body, or a part of it, as a stream that reads when it is asked, and lets go of the body at its end. */
export function bodyStream(stored: CacheReading, { start, end }: ByteRange): ReadableStream<Uint8Array> {
  let at = start;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (at < end) {
            const bytes = await stored.read(at, Math.min(PIECE_BYTES, end - at));
            at += bytes.length;
            controller.enqueue(bytes);
          }
          if (at < end) return;
          stored.release();
          controller.close();
        } catch {
          stored.release();
          controller.error(new Error("The cached response could not be read to its end."));
        }
      },
      cancel() {
        stored.release();
      },
    },
    { highWaterMark: 0 },
  );
}

import type { TailItem, TailListener } from "../../meter/tail-feed.ts";

/** Lines that may wait for a client that reads slowly; what comes beyond is left out. */
const MAX_WAITING = 1_000;

/** Events of a worker as lines of JSON, for as long as somebody reads. @param watch begins, and gives what ends it */
export function tailStream(watch: (listener: TailListener) => () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = watch((item: TailItem) => {
          if ((controller.desiredSize ?? 0) > 0)
            controller.enqueue(encoder.encode(`${JSON.stringify(item)}\n`));
        });
        // So that the head of the answer leaves at once.
        controller.enqueue(encoder.encode("\n"));
      },
      cancel: () => stop(),
    },
    { highWaterMark: MAX_WAITING },
  );
}

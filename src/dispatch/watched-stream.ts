/** How a stream ended: read to its end, broken, or given up by its reader. */
export type StreamEnd = "read" | "failed" | "cancelled";

/**
 * The same stream, with word of what moves in it and how it ended.
 * @param onBytes Called with every piece that was read.
 * @param onEnd Called once, also where the reader gives up while a piece is awaited.
 */
export function watched(
  source: ReadableStream<Uint8Array>,
  onBytes: () => void,
  onEnd: (end: StreamEnd) => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let isOver = false;
  const over = (end: StreamEnd): void => {
    if (isOver) return;
    isOver = true;
    onEnd(end);
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await reader.read();
          // Nobody is left to give it to.
          if (isOver) return;
          if (!done) {
            onBytes();
            return controller.enqueue(value);
          }
          controller.close();
          over("read");
        } catch (error) {
          controller.error(error);
          over("failed");
        }
      },
      async cancel(reason) {
        over("cancelled");
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

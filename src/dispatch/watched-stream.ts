/**
 * The same stream, with word of what moves in it and how it ended.
 * @param onBytes Called with every piece that was read.
 * @param onEnd Called once: `true` when it was read to its end, `false` when it failed or was cancelled.
 */
export function watched(
  source: ReadableStream<Uint8Array>,
  onBytes: () => void,
  onEnd: (ok: boolean) => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await reader.read();
          if (!done) {
            onBytes();
            return controller.enqueue(value);
          }
          controller.close();
          onEnd(true);
        } catch (error) {
          controller.error(error);
          onEnd(false);
        }
      },
      async cancel(reason) {
        onEnd(false);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

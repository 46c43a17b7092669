/**
 * The same stream, whose failure tells nobody outside the host what it was.
 * @param fault told of it instead
 */
export function sealedStream(
  source: ReadableStream<Uint8Array>,
  fault: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let isOver = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await reader.read();
          // Its reader went away while the source was asked: nobody is left to tell, and nothing failed.
          if (isOver) return;
          if (done) controller.close();
          else if (value instanceof Uint8Array) controller.enqueue(value);
          else throw new TypeError("a plug-in's stream gave something that is not a Uint8Array");
        } catch (error) {
          if (isOver) return;
          fault(error);
          controller.error(new Error("The binding's answer broke off"));
          reader.cancel(error).catch(() => {}); // the source's own failure
        }
      },
      async cancel(reason) {
        isOver = true;
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

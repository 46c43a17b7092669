/**
 * The bytes of a body, piece by piece. A stream that is not read to its end is cancelled.
 * @throws The signal's reason where that aborts first; what the stream failed with.
 */
export async function* piecesOf(
  body: Uint8Array | ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  if (body === null) return;
  if (body instanceof Uint8Array) return yield body;
  const reader = body.getReader();
  const stop = (): void => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  let ended = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      if (value.length > 0) yield value;
    }
    // A cancelled stream ends as if it were whole; half a body must not be stored.
    signal.throwIfAborted();
    ended = true;
  } finally {
    signal.removeEventListener("abort", stop);
    if (!ended) reader.cancel("the response is not stored").catch(() => {});
  }
}

import type { EdgeRequest } from "./edge.ts";
import { flatHeader } from "./flat-header.ts";

/** A request whose body keeps to a limit. */
export interface BoundedRequest {
  readonly request: EdgeRequest;
  /** Whether the body turned out to be too large; a stream of it has failed then. */
  readonly tooLarge: () => boolean;
}

/**
 * Holds the body of a request to `maxBytes`: by what is known of it now, and by counting where it streams.
 * @param took hears of each piece of a stream, and gives when more may be read; undefined for at once
 */
export function boundBody(
  request: EdgeRequest,
  maxBytes: number,
  took: (bytes: number) => Promise<void> | undefined = () => undefined,
): BoundedRequest {
  const { body } = request;
  if (!(body instanceof ReadableStream)) {
    const sizeBytes =
      body === null ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    return { request, tooLarge: () => sizeBytes > maxBytes };
  }
  const announcedBytes = Number.parseInt(flatHeader(request.headers, "content-length"), 10);
  if (announcedBytes > maxBytes) return { request, tooLarge: () => true };
  let receivedBytes = 0;
  const reader = body.getReader();
  const bounded = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        receivedBytes += value.byteLength;
        if (receivedBytes <= maxBytes) {
          controller.enqueue(value);
          return await took(value.byteLength);
        }
        const error = new Error(`the request body is larger than ${maxBytes} bytes`);
        controller.error(error);
        await reader.cancel(error);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { request: { ...request, body: bounded }, tooLarge: () => receivedBytes > maxBytes };
}

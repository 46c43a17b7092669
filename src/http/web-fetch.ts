import type { EdgeBody, EdgeRequest, EdgeResponse, HandleRequest } from "../dispatch/edge.ts";

/** Statuses whose Response may not have a body. */
const BODYLESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * Makes a `fetch` of the web's classes from a handler, for programs that send requests without a
 * socket. The request's signal aborts the event; a response body that is cancelled does so too.
 *
 * @example
 * const fetch = webFetch(handle);
 * const response = await fetch(new Request("http://example.com/"));
 */
export function webFetch(handle: HandleRequest): (request: Request) => Promise<Response> {
  return async (request) => {
    const { signal } = request;
    signal.throwIfAborted();
    const answer = handle(edgeRequest(request));
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return webResponse(await Promise.race([answer, aborted.promise]), request.method, signal);
    } catch (error) {
      answer.then(
        ({ body }) => drop(body, error),
        () => {},
      );
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  };
}

/** A `Request` as the host's own record. `request.cf`, if it is there, becomes `cfJson`. */
export function edgeRequest(request: Request & { readonly cf?: unknown }): EdgeRequest {
  const fragment = request.url.indexOf("#");
  const url = fragment === -1 ? request.url : request.url.slice(0, fragment);
  let headers = "";
  for (const [name, value] of request.headers) headers += `${name}\n${value}\n`;
  if (!request.headers.has("host")) headers += `host\n${new URL(url).host}\n`;
  return {
    method: request.method,
    url,
    headers: headers.slice(0, -1),
    body: request.body === null ? null : exactChunks(request.body),
    signal: request.signal,
    cfJson: JSON.stringify(request.cf ?? {}),
  };
}

/**
 * The host's answer as a `Response`.
 *
 * @param method Of the request: the answer to HEAD has no body.
 * @param signal Breaks the body when it aborts.
 */
export function webResponse(answer: EdgeResponse, method: string, signal: AbortSignal): Response {
  const headers = new Headers();
  const parts = answer.headers === "" ? [] : answer.headers.split("\n");
  for (let i = 0; i + 1 < parts.length; i += 2) headers.append(parts[i]!, parts[i + 1]!);
  let { body } = answer;
  if (method === "HEAD" || BODYLESS.has(answer.status)) {
    drop(body, "the response has no body");
    body = null;
  }
  // Bytes keep Response from adding a Content-Type of its own, as it does for strings.
  const source =
    typeof body === "string"
      ? new TextEncoder().encode(body)
      : body instanceof ReadableStream
        ? abortable(body, signal)
        : (body as Uint8Array<ArrayBuffer> | null);
  return new Response(source, { status: answer.status, statusText: answer.statusText, headers });
}

/** Copies each chunk: what crosses to an isolate must not be a view on a larger buffer. */
function exactChunks(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(new Uint8Array(value));
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function abortable(source: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let stopListening = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const onAbort = (): void => {
          controller.error(signal.reason);
          reader.cancel(signal.reason).catch(() => {});
        };
        stopListening = () => signal.removeEventListener("abort", onAbort);
        if (signal.aborted) onAbort();
        else signal.addEventListener("abort", onAbort, { once: true });
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (signal.aborted) return;
          if (!done) return controller.enqueue(value);
          stopListening();
          controller.close();
        } catch (error) {
          stopListening();
          controller.error(error);
        }
      },
      cancel(reason) {
        stopListening();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function drop(body: EdgeBody, reason: unknown): void {
  if (body instanceof ReadableStream && !body.locked) body.cancel(reason).catch(() => {});
}

import type { EdgeBody, EdgeRequest, EdgeResponse, HandleRequest } from "../dispatch/edge.ts";
import { upgradeRequired } from "./upgrade.ts";

/** Statuses whose Response may not have a body. */
const BODYLESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);
const encoder = new TextEncoder();

/**
 * Makes a `fetch` of the web's classes from a handler, for programs that send requests without a
 * socket. The request's signal aborts the event; a response body that is cancelled does so too.
 *
 * @example
 * const fetch = webFetch(handle);
 * const response = await fetch("http://example.com/", { method: "POST", body: "text" });
 */
export function webFetch(
  handle: HandleRequest,
): (input: Request | string | URL, init?: RequestInit) => Promise<Response> {
  return (input, init) =>
    new Promise((resolve, reject) => {
      const request = input instanceof Request && init === undefined ? input : new Request(input, init);
      const { signal } = request;
      if (signal.aborted) return reject(signal.reason);
      const answer = handle(edgeRequest(request, wholeBody(init?.body)));
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      answer.then((edge) => {
        const given = withoutSocket(edge);
        signal.removeEventListener("abort", onAbort);
        if (signal.aborted) return drop(given.body, signal.reason);
        try {
          resolve(webResponse(given, request.method, signal));
        } catch (error) {
          drop(given.body, error);
          reject(error);
        }
      }, reject);
    });
}

/** A body that is given whole travels whole: a stream would be read piece by piece, a turn for each. */
function wholeBody(body: RequestInit["body"]): string | Uint8Array | undefined {
  if (typeof body === "string") return body.toWellFormed();
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0));
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
    : undefined;
}

/**
 * A `Request` as the host's own record. `request.cf`, if it is there, becomes `cfJson`.
 * @param whole Its body, where that is known as a whole: its stream is then not read.
 */
export function edgeRequest(
  request: Request & { readonly cf?: unknown },
  whole?: string | Uint8Array,
): EdgeRequest {
  const fragment = request.url.indexOf("#");
  const url = fragment === -1 ? request.url : request.url.slice(0, fragment);
  let headers = "";
  let named = false;
  for (const [name, value] of request.headers) {
    headers += `${name}\n${value}\n`;
    named ||= name === "host";
  }
  if (!named) headers += `host\n${hostOf(url)}\n`;
  return {
    method: request.method,
    url,
    headers: headers.slice(0, -1),
    body: whole ?? (request.body === null ? null : exactChunks(request.body)),
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
  let { body } = answer;
  if (method === "HEAD" || BODYLESS.has(answer.status)) {
    drop(body, "the response has no body");
    body = null;
  }
  // Bytes keep Response from adding a Content-Type of its own, as it does for strings.
  const source =
    typeof body === "string"
      ? encoder.encode(body)
      : body instanceof ReadableStream
        ? abortable(body, signal)
        : (body as Uint8Array<ArrayBuffer> | null);
  const response = new Response(source, { status: answer.status, statusText: answer.statusText });
  const parts = answer.headers === "" ? [] : answer.headers.split("\n");
  for (let i = 0; i + 1 < parts.length; i += 2) response.headers.append(parts[i]!, parts[i + 1]!);
  return response;
}

/** There is no connection behind such a request that a worker's WebSocket could use. */
function withoutSocket(answer: EdgeResponse): EdgeResponse {
  if (answer.socket === undefined) return answer;
  answer.socket.refuse();
  return upgradeRequired("");
}

/** Host and port of a request's URL, which is in normal form and has no credentials. */
function hostOf(url: string): string {
  const start = url.indexOf("//") + 2;
  const end = url.slice(start).search(/[/?]/);
  return end < 0 ? url.slice(start) : url.slice(start, start + end);
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

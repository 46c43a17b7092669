import { STATUS_CODES } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { CHUNK_BYTES } from "../../runtime-api/contract/bounds.ts";
import type { EdgeBody, EdgeResponse } from "../dispatch/edge.ts";
import { notModifiedHead, wireForm } from "./coded-form.ts";
import type { Deadline } from "./deadlines.ts";
import { readResponseHead } from "./response-head.ts";

/** The request, as far as its answer depends on it. */
export interface AskedBy {
  readonly method?: string | undefined;
  readonly headers: Pick<IncomingHttpHeaders, "if-none-match" | "accept-encoding">;
}

/** What sending a response needs from its connection. */
export interface SendHooks {
  readonly idleMs: number;
  readonly deadline: Deadline;
  /** A streamed body is being sent: gives its reader, so that a lost client can cancel it. */
  streaming(reader: ReadableStreamDefaultReader<Uint8Array>): void;
  /** Nothing of the answer has gone out, and it cannot: another can still be sent. */
  failed(): void;
  /** The rest of the body will never come: the client must not take what it has for the whole. */
  broken(): void;
}

/**
 * Sends a response. Everything but a stream goes out in one write.
 *
 * @throws if the head holds what HTTP cannot carry and no stream follows; nothing has been sent then.
 */
export function sendResponse(
  message: AskedBy,
  response: ServerResponse,
  answer: EdgeResponse,
  hooks: SendHooks,
): void {
  const { status } = answer;
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new RangeError(`status ${status} cannot be sent`);
  const read = readResponseHead(answer.headers);
  // Only what may go out coded has another tag then.
  const isOfPlain = status === 304 && answer.isPlain === true;
  const given = isOfPlain ? notModifiedHead(message.headers["if-none-match"], read) : read;
  const statusText = answer.statusText === "" ? (STATUS_CODES[status] ?? "") : answer.statusText;
  const isHead = message.method === "HEAD";
  const bodyless = isHead || status === 204 || status === 205 || status === 304;
  const acceptEncoding = message.headers["accept-encoding"];
  const { body, head } =
    bodyless && !isHead
      ? { body: answer.body, head: given }
      : wireForm({ isHead, acceptEncoding }, answer, given);

  if (bodyless) {
    const length =
      isHead && typeof body === "string"
        ? Buffer.byteLength(body)
        : isHead && body instanceof Uint8Array
          ? body.length
          : status === 205
            ? 0
            : status === 204
              ? -1
              : head.contentLength;
    if (length >= 0) head.raw.push("content-length", String(length));
    response.writeHead(status, statusText, head.raw);
    response.end();
    discard(answer.body);
  } else if (body === null || typeof body === "string" || body instanceof Uint8Array) {
    // Node would write head and text as one UTF-8 string, and so change a head that is not ASCII.
    const whole = typeof body === "string" && head.wide ? Buffer.from(body) : (body ?? "");
    head.raw.push(
      "content-length",
      String(typeof whole === "string" ? Buffer.byteLength(whole) : whole.length),
    );
    response.writeHead(status, statusText, head.raw);
    response.end(whole);
  } else {
    if (head.contentLength >= 0) head.raw.push("content-length", String(head.contentLength));
    const begin = (): unknown => response.writeHead(status, statusText, head.raw);
    void sendStream(response, { body, begin, contentLength: head.contentLength }, hooks);
    return;
  }
  watchEnd(response, hooks);
}

/** Lets a body go that nobody will read. */
export function discard(body: EdgeBody): void {
  if (body instanceof ReadableStream && !body.locked) body.cancel("the response has no body").catch(() => {});
}

interface StreamedAnswer {
  readonly body: ReadableStream<Uint8Array>;
  /** Writes the head. */
  readonly begin: () => unknown;
  readonly contentLength: number;
}

async function sendStream(
  response: ServerResponse,
  { body, begin, contentLength }: StreamedAnswer,
  hooks: SendHooks,
): Promise<void> {
  const reader = body.getReader();
  hooks.streaming(reader);
  try {
    let next = reader.read();
    // A head whose body takes its time (server-sent events) must not wait for it; but a body that fails
    // at once takes its head along.
    const first = await Promise.race([next, setImmediate(null)]);
    if (response.headersSent) return void reader.cancel("the request was refused").catch(() => {});
    begin();
    if (first === null) response.flushHeaders();
    let sentBytes = 0;
    for (;;) {
      const { done, value } = await next;
      if (done) break;
      sentBytes += value.length;
      if (contentLength >= 0 && sentBytes > contentLength) {
        reader.cancel("more bytes than Content-Length says").catch(() => {});
        return hooks.broken();
      }
      if (!(await writeChunk(response, value, hooks))) return;
      next = reader.read();
    }
    if (contentLength >= 0 && sentBytes !== contentLength) return hooks.broken();
    response.end();
    watchEnd(response, hooks);
  } catch {
    reader.cancel("the answer cannot be sent").catch(() => {});
    if (response.headersSent) hooks.broken();
    else hooks.failed();
  }
}

/** @returns false if the connection is gone. */
async function writeChunk(response: ServerResponse, bytes: Uint8Array, hooks: SendHooks): Promise<boolean> {
  for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES) {
    if (response.destroyed) return false;
    const piece = bytes.length <= CHUNK_BYTES ? bytes : bytes.subarray(offset, offset + CHUNK_BYTES);
    if (response.write(piece)) continue;
    hooks.deadline.in(hooks.idleMs);
    await roomToWrite(response);
    hooks.deadline.clear();
  }
  return !response.destroyed;
}

function roomToWrite(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const settle = (): void => {
    response.off("drain", settle).off("close", settle);
    resolve();
  };
  response.on("drain", settle).on("close", settle);
  return promise;
}

/** What the system took at once needs no watching. */
function watchEnd(response: ServerResponse, hooks: SendHooks): void {
  if (response.writableFinished || (response.socket !== null && response.socket.writableLength === 0)) return;
  hooks.deadline.in(hooks.idleMs);
}

import { abortInternals, type AbortSignal } from "../abort/abort-signal.ts";
import { HEADER_CHARS, INLINE_BODY_BYTES, STATUS_TEXT_CHARS } from "../contract/bounds.ts";
import { BodyKind, type Flat } from "../contract/flat.ts";
import { Out } from "../contract/out.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import { makeRequest, takeResponse, type TakenResponse } from "../fetch/internal.ts";
import { passBody } from "../fetch/twin-body.ts";
import { bytesCopy, typedByteLength } from "../primordials/bytes.ts";
import { ErrorOf, RangeErrorOf } from "../primordials/errors.ts";
import { jsonParse } from "../primordials/values.ts";
import type { EventContext } from "./event-context.ts";
import { handlers } from "./handlers.ts";
import { inboundStream } from "./inbound-stream.ts";
import { endIfDone, failHandler, releaseHeld } from "./lifecycle.ts";
import { OutboundStream } from "./outbound-stream.ts";
import { put } from "./output.ts";
import { respondWithSocket } from "./respond-with-socket.ts";
import { runAs } from "./turn.ts";

/** Longest text that travels as a string: from some KB on, bytes cross the boundary more cheaply. */
const TEXT_UNITS = 16 * 1024;

/** Answers a request. */
export async function runFetch(
  event: EventContext,
  method: string,
  url: string,
  headers: string,
  bodyKind: Flat,
  bodyValue: Flat,
  cfJson: string,
): Promise<void> {
  try {
    const { entrypoint } = event;
    const handle = entrypoint === "" ? handlers.fetch : handlers.entrypoint?.(entrypoint);
    if (handle === undefined) throw new ErrorOf(noFetch(entrypoint));
    const signal = abortInternals.make();
    event.abortSignal = (reason) => abortInternals.abort(signal, new DOMException(reason, "AbortError"));
    const body =
      bodyKind === BodyKind.stream
        ? inboundStream(event, bodyValue as number)
        : (bodyValue as string | Uint8Array | null);
    const response = await handle(
      event,
      makeRequest(method, url, headers, body, signal as AbortSignal, cfJson),
    );
    if (event.ended) return;
    // A promise shared between events may have brought us here in the slice of another one.
    runAs(event, () => respond(event, response));
  } catch (error) {
    if (!event.ended) failHandler(event, error);
  }
}

function noFetch(entrypoint: string): string {
  return entrypoint === ""
    ? "Handler does not export a fetch() function."
    : `The worker has no entrypoint "${entrypoint}" with a fetch() function.`;
}

/** Runs a cron trigger. */
export async function runScheduled(
  event: EventContext,
  cron: string,
  scheduledTimeMs: number,
): Promise<void> {
  await runUnanswered(event, () => {
    const handle = handlers.scheduled;
    if (handle === undefined) throw new ErrorOf("Handler does not export a scheduled() function.");
    return handle(event, cron, scheduledTimeMs);
  });
}

/** Tells the worker of events of others. */
export async function runTail(event: EventContext, itemsJson: string): Promise<void> {
  await runUnanswered(event, () => {
    const handle = handlers.tail;
    if (handle === undefined) throw new ErrorOf("Handler does not export a tail() function.");
    return handle(event, jsonParse(itemsJson));
  });
}

async function runUnanswered(event: EventContext, run: () => unknown): Promise<void> {
  try {
    await run();
    event.settled = true;
    endIfDone(event);
  } catch (error) {
    if (!event.ended) failHandler(event, error);
  }
}

function respond(event: EventContext, response: unknown): void {
  const taken = takeResponse(response);
  const { status, statusText, headers, webSocket, isCoded } = taken;
  if (headers.length > HEADER_CHARS)
    throw new RangeErrorOf(`The response's headers are longer than ${HEADER_CHARS} characters.`);
  if (statusText.length > STATUS_TEXT_CHARS)
    throw new RangeErrorOf(`The response's statusText is longer than ${STATUS_TEXT_CHARS} characters.`);
  if (webSocket !== null) return respondWithSocket(event, statusText, headers, webSocket);
  const { body, stream } = bodyOf(event, taken);
  const weight = headers.length + statusText.length + (typeof body[1] === "string" ? body[1].length : 0);
  const head = [Out.head, event.id, status, statusText, headers, body[0], body[1], isCoded] as const;
  if (!put(event, head, weight)) return;
  event.settled = event.answered = true;
  event.responded = stream === undefined;
  releaseHeld(event);
  stream?.start();
  endIfDone(event);
}

function bodyOf(
  event: EventContext,
  { body }: TakenResponse,
): { body: readonly [number, Flat]; stream?: OutboundStream } {
  if (body === null) return { body: [BodyKind.none, null] };
  if (typeof body === "string") {
    if (body.length <= TEXT_UNITS) return { body: [BodyKind.text, body] };
    return bytesBody(event, utf8Encode(body));
  }
  if ("ref" in body) return { body: passBody(body.ref) };
  if ("stream" in body) return streamBody(event, body.stream);
  return bytesBody(event, body);
}

function bytesBody(
  event: EventContext,
  bytes: Uint8Array,
): { body: readonly [number, Flat]; stream?: OutboundStream } {
  return typedByteLength(bytes) <= INLINE_BODY_BYTES
    ? { body: [BodyKind.bytes, bytesCopy(bytes)] }
    : streamBody(event, bytes);
}

function streamBody(
  event: EventContext,
  source: ConstructorParameters<typeof OutboundStream>[1],
): { body: readonly [number, Flat]; stream?: OutboundStream } {
  const stream = new OutboundStream(event, source, true);
  if (!event.aborted) return { body: [BodyKind.stream, stream.id], stream };
  stream.cancel("The client went away.");
  return { body: [BodyKind.none, null] };
}

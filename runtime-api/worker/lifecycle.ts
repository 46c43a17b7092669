import { Out } from "../contract/out.ts";
import { arrayPush } from "../primordials/array.ts";
import { mapForEach, mapSize } from "../primordials/collections.ts";
import { ErrorOf } from "../primordials/errors.ts";
import type { EventContext } from "./event-context.ts";
import { logLine } from "./event-log.ts";
import { type ErrorText, errorText } from "./error-text.ts";
import { lingerForRejections } from "./floating-rejections.ts";
import { HUNG } from "./messages.ts";
import { put, putException } from "./output.ts";
import { forget } from "./turn.ts";

/** Ends the event if nothing of it is left to do. Call after anything that could have been the last. */
export function endIfDone(event: EventContext): void {
  if (event.ended || !event.settled || !event.responded || event.waiting > 0) return;
  if (lingerForRejections(event, () => endIfDone(event))) return;
  if (put(event, [Out.end, event.id, !event.failed], 0)) forget(event);
}

/** The handler threw: the error decides the answer, and no response follows. */
export function failHandler(event: EventContext, thrown: unknown): void {
  event.failed = event.settled = event.answered = event.responded = true;
  putException(event, errorText(thrown));
  releaseHeld(event);
  endIfDone(event);
}

/**
 * An error that nobody caught, but that does not decide the answer: a timer's or a listener's, or a
 * `waitUntil` promise that rejected. It waits for the head, since before it it would be the answer.
 */
export function reportUncaught(event: EventContext, thrown: unknown): void {
  event.failed = true;
  const error = errorText(thrown);
  if (event.answered) putException(event, error);
  else if (event.heldErrors.length < 100) arrayPush(event.heldErrors, error);
}

/** Sends the errors that waited for the head. */
export function releaseHeld(event: EventContext): void {
  const held = event.heldErrors;
  if (held.length === 0) return;
  event.heldErrors = [];
  for (let i = 0; i < held.length; i++) putException(event, held[i] as ErrorText);
}

/** Keeps the event alive until the promise settles. */
export async function holdUntil(event: EventContext, promise: unknown): Promise<void> {
  event.waiting++;
  try {
    await promise;
  } catch (error) {
    reportUncaught(event, error);
  }
  event.waiting--;
  endIfDone(event);
}

/**
 * Ends an event that nothing can bring forward: its slice ran dry and it waits for no call, timer or
 * stream. Without an answer that is the worker's fault; a `waitUntil` that cannot settle is not worth an error.
 */
export function endIfHung(event: EventContext): void {
  if (event.ended || event.kind === "global" || canContinue(event)) return;
  if (!event.settled || !event.answered) {
    event.waiting = 0;
    failHandler(event, new ErrorOf(HUNG));
    return;
  }
  if (!event.responded) {
    event.waiting = 0;
    event.failed = true;
    putException(event, errorText(new ErrorOf(HUNG)));
    mapForEach(event.outbound, (stream) => stream.fail(HUNG));
    return;
  }
  logLine(event, "warn", "waitUntil() was given a promise that can never settle: the event ends without it.");
  event.waiting = 0;
  endIfDone(event);
}

function canContinue(event: EventContext): boolean {
  if (mapSize(event.calls) > 0 || mapSize(event.timers) > 0) return true;
  let alive = false;
  mapForEach(event.inbound, (stream) => {
    if (stream.expectsData) alive = true;
  });
  mapForEach(event.outbound, (stream) => {
    if (stream.waitsForCredit) alive = true;
  });
  if (event.hasSockets) {
    mapForEach(event.sockets, (socket) => {
      if (socket.isAlive) alive = true;
    });
  }
  return alive;
}

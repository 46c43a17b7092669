import { CALL_TEXT_CHARS, CALLS_IN_FLIGHT } from "../contract/bounds.ts";
import type { Flat } from "../contract/flat.ts";
import { Out } from "../contract/out.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import type { PendingCall } from "../io/io.ts";
import { arrayPush } from "../primordials/array.ts";
import {
  bytesCopy,
  typedArrayKind,
  typedByteLength,
  typedBuffer,
  bufferByteLength,
} from "../primordials/bytes.ts";
import { mapDelete, mapGet, mapSet, mapSize } from "../primordials/collections.ts";
import { ErrorOf, RangeErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { promiseReject, promiseWithResolvers } from "../primordials/promise.ts";
import type { EventContext } from "./event-context.ts";
import { put } from "./output.ts";
import { dropUnnamed, type OutboundStream, startUnnamed } from "./outbound-stream.ts";
import { ownArray, requireCurrent } from "./turn.ts";

/** A call that has no reply yet. */
export interface PendingReply {
  resolve(values: readonly Flat[]): void;
  reject(reason: unknown): void;
}

/** Sends a call of the current event. Throws in the global scope; too many calls at once reject. */
export function call(slot: number, op: string, args: readonly Flat[]): PendingCall {
  const event = requireCurrent();
  if (mapSize(event.calls) >= CALLS_IN_FLIGHT) {
    dropUnnamed(event);
    return {
      promise: promiseReject(
        new ErrorOf(
          `Too many operations at once: ${CALLS_IN_FLIGHT} calls to bindings and fetch are waiting for an answer already.`,
        ),
      ),
      cancel: () => {},
    };
  }
  for (let i = 0; i < args.length; i++) {
    const value = args[i];
    if (typeof value !== "string" || value.length <= CALL_TEXT_CHARS) continue;
    dropUnnamed(event);
    const error = new RangeErrorOf(
      `An argument of the operation is longer than ${CALL_TEXT_CHARS} characters.`,
    );
    return { promise: promiseReject(error), cancel: () => {} };
  }
  const id = ++event.lastCall;
  const count = args.length;
  const record = ownArray();
  arrayPush(record, Out.call, event.id, id, slot, op, count);
  let weight = 0;
  for (let i = 0; i < count; i++) {
    const value = exact(args[i] as Flat);
    if (typeof value === "string") weight += value.length;
    else if (typeof value === "object" && value !== null) weight += typedByteLength(value);
    arrayPush(record, value);
  }
  const { promise, resolve, reject } = promiseWithResolvers<readonly Flat[]>();
  let sent: readonly OutboundStream[] = [];
  if (put(event, record, weight)) {
    mapSet(event.calls, id, { resolve, reject });
    sent = startUnnamed(event);
  }
  return { promise, cancel: (reason) => withdraw(event, id, reason, sent) };
}

/** Handles a reply. Gives false if nobody waits for it. */
export function reply(event: EventContext, id: number, ok: boolean, values: readonly Flat[]): boolean {
  const pending = mapGet(event.calls, id);
  if (pending === undefined) return false;
  mapDelete(event.calls, id);
  if (ok) pending.resolve(values);
  else pending.reject(hostError(values[0], values[1]));
  return true;
}

function withdraw(event: EventContext, id: number, reason: unknown, sent: readonly OutboundStream[]): void {
  const pending = mapGet(event.calls, id);
  if (pending === undefined || event.ended) return;
  mapDelete(event.calls, id);
  put(event, [Out.uncall, event.id, id], 0);
  // The host cancels them too, but does not know why: the sources hear the worker's own reason.
  for (let i = 0; i < sent.length; i++) (sent[i] as OutboundStream).abandon(reason);
  pending.reject(reason);
}

/** A byte array as it may travel: a view on part of a buffer would take the whole buffer along. */
function exact(value: Flat): Flat {
  if (typeof value === "function" || typeof value === "symbol" || value === undefined)
    throw new TypeErrorOf("An operation got a value that cannot travel.");
  if (typeof value !== "object" || value === null) return value;
  if (typedArrayKind(value) !== "Uint8Array")
    throw new TypeErrorOf("An operation got a value that cannot travel.");
  return typedByteLength(value) === bufferByteLength(typedBuffer(value)) ? value : bytesCopy(value);
}

function hostError(name: unknown, message: unknown): unknown {
  const text = typeof message === "string" ? message : "internal error";
  switch (name) {
    case "TypeError":
      return new TypeErrorOf(text);
    case "RangeError":
      return new RangeErrorOf(text);
    case "Error":
      return new ErrorOf(text);
    default:
      return typeof name === "string" && name !== "" ? new DOMException(text, name) : new ErrorOf(text);
  }
}

import type { Flat } from "../contract/flat.ts";
import { In, opensEvent } from "../contract/in.ts";
import { arraySlice } from "../primordials/array.ts";
import { mapForEach, mapGet } from "../primordials/collections.ts";
import { reply } from "./calls.ts";
import { EventContext } from "./event-context.ts";
import { fireTimer } from "./event-timers.ts";
import type { HostSocket } from "./host-socket.ts";
import { tellOfRejection } from "./floating-rejections.ts";
import { inboundStream } from "./inbound-stream.ts";
import { runFetch, runScheduled, runTail } from "./run-event.ts";
import { events, forget, turn } from "./turn.ts";

let lastEvent = 0;

/** Fields of each record but `reply`, whose last field counts its values. */
const FIELDS: Record<number, number> = {
  [In.fetch]: 6,
  [In.entry]: 2,
  [In.scheduled]: 2,
  [In.tail]: 1,
  [In.timer]: 1,
  [In.chunk]: 2,
  [In.close]: 1,
  [In.fail]: 2,
  [In.credit]: 2,
  [In.cancel]: 2,
  [In.abort]: 1,
  [In.drop]: 0,
  [In.socketMessage]: 2,
  [In.socketPart]: 4,
  [In.socketCredit]: 2,
  [In.socketClose]: 4,
  [In.rejection]: 3,
};

/** The event of a slice: one that lives, or a new one if the slice opens it; undefined if it is over. */
export function eventOf(slice: readonly Flat[]): EventContext | undefined {
  const id = slice[0] as number;
  const known = events[id];
  if (known !== undefined) return known;
  const opens = slice[2];
  if (!(opensEvent(opens) || opens === In.entry) || typeof id !== "number" || id <= lastEvent)
    return undefined;
  lastEvent = id;
  const event = new EventContext(
    id,
    opens === In.scheduled ? "scheduled" : opens === In.tail ? "tail" : "fetch",
  );
  events[id] = event;
  return event;
}

/** Handles the records of a slice, in order. What makes no sense, or comes too late, is counted. */
export function handleRecords(event: EventContext, slice: readonly Flat[]): void {
  let at = 2;
  while (at < slice.length) {
    const type = slice[at++] as number;
    if (type === In.reply) {
      const size = slice[at + 2] as number;
      const values = arraySlice(slice, at + 3, at + 3 + size);
      tally(!event.ended && reply(event, slice[at] as number, slice[at + 1] as boolean, values));
      at += 3 + size;
      continue;
    }
    const fields = FIELDS[type];
    if (fields === undefined) {
      turn.dropped++;
      return;
    }
    if (opensEvent(type) && event.opened) turn.dropped++;
    else if (event.ended) turn.dropped++;
    else tally(handle(event, type, slice, at));
    if (type !== In.entry) event.opened = true;
    at += fields;
  }
}

function tally(used: boolean): void {
  if (!used) turn.dropped++;
}

/** Gives false if the record means nothing any more. */
function handle(event: EventContext, type: number, slice: readonly Flat[], at: number): boolean {
  const first = slice[at] as number;
  switch (type) {
    case In.fetch: {
      // One by one: taking an array apart asks its iterator, which the worker may have replaced.
      const url = slice[at + 1] as string;
      const headers = slice[at + 2] as string;
      const cf = slice[at + 5] as string;
      void runFetch(
        event,
        first as unknown as string,
        url,
        headers,
        slice[at + 3] as Flat,
        slice[at + 4] as Flat,
        cf,
      );
      return true;
    }
    case In.entry:
      event.entrypoint = slice[at] as string;
      event.propsJson = slice[at + 1] as string;
      return true;
    case In.scheduled:
      void runScheduled(event, slice[at] as string, slice[at + 1] as number);
      return true;
    case In.tail:
      void runTail(event, slice[at] as string);
      return true;
    case In.timer:
      return fireTimer(event, first);
    case In.chunk:
      return inboundStream(event, first).chunk(slice[at + 1] as Uint8Array);
    case In.close:
      return inboundStream(event, first).close();
    case In.fail:
      return inboundStream(event, first).fail(slice[at + 1] as string);
    case In.credit: {
      const stream = mapGet(event.outbound, first);
      stream?.credit(slice[at + 1] as number);
      return stream !== undefined;
    }
    case In.cancel: {
      const stream = mapGet(event.outbound, first);
      stream?.cancel(slice[at + 1] as string);
      return stream !== undefined;
    }
    case In.abort:
      abort(event, slice[at] as string);
      return true;
    case In.socketMessage:
    case In.socketPart:
    case In.socketCredit:
    case In.socketClose: {
      const socket = mapGet(event.sockets, first);
      return socket !== undefined && socketRecord(event, socket, type, slice, at);
    }
    case In.rejection:
      return tellOfRejection(slice[at] as string, slice[at + 1] as string, slice[at + 2] as string);
    default:
      forget(event);
      return true;
  }
}

function socketRecord(
  event: EventContext,
  socket: HostSocket,
  type: number,
  slice: readonly Flat[],
  at: number,
): boolean {
  switch (type) {
    case In.socketCredit:
      return socket.credit(slice[at + 1] as number);
    case In.socketClose:
      return socket.closed(slice[at + 1] as number, slice[at + 2] as string, slice[at + 3] as boolean);
    case In.socketPart: {
      const isLast = slice[at + 2] as boolean;
      if (isLast) event.logLines = event.logChars = 0;
      return socket.part(slice[at + 1] as boolean, isLast, slice[at + 3] as Uint8Array);
    }
    default:
      // Each message has budgets of its own.
      event.logLines = event.logChars = 0;
      return socket.message(slice[at + 1] as string | Uint8Array<ArrayBuffer>);
  }
}

/** Nobody waits for the answer: the request's signal aborts, and the response's body is not sent on. */
function abort(event: EventContext, reason: string): void {
  if (event.aborted) return;
  event.aborted = true;
  const signal = event.abortSignal;
  event.abortSignal = undefined;
  signal?.(reason);
  mapForEach(event.outbound, (stream) => {
    if (stream.isResponse) stream.cancel(reason);
  });
}

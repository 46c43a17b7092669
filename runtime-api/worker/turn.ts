import type { Flat } from "../contract/flat.ts";
import { ErrorOf } from "../primordials/errors.ts";
import { objectSetPrototypeOf } from "../primordials/object.ts";
import type { EventContext } from "./event-context.ts";
import { CROSS_REQUEST, EVENT_OVER, GLOBAL_SCOPE } from "./messages.ts";

/**
 * An array without a prototype. Appending to any other one asks `Array.prototype` for setters first, which
 * would hand the array, and with it all that leaves the isolate, to the worker.
 */
export function ownArray(): Flat[] {
  return objectSetPrototypeOf([], null) as Flat[];
}

/** The state of the turn loop. One realm runs one loop, so this is one object. */
export const turn: {
  /** The event whose slice is open: its microtasks run until the next door is called. */
  current: EventContext | null;
  /** Counts calls of `collect`. */
  number: number;
  /** Counts slices. */
  slice: number;
  clockMs: number;
  liveClock: boolean;
  out: Flat[];
  /** Records from the cell that made no sense, or came too late. */
  dropped: number;
} = { current: null, number: 0, slice: 0, clockMs: 0, liveClock: false, out: ownArray(), dropped: 0 };

/**
 * Events that have begun and not ended, by their ids. No `Map`: each table that one outgrows refers to the next, so that
 * V8's scavenger may keep all that was in them until the next full collection.
 */
export const events: Record<number, EventContext | undefined> = objectSetPrototypeOf({}, null) as Record<
  number,
  EventContext | undefined
>;

/** The event that code runs for. Throws where no event may do I/O: global scope, or after its end. */
export function requireCurrent(): EventContext {
  const event = turn.current;
  if (event === null || event.kind === "global") throw new ErrorOf(GLOBAL_SCOPE);
  if (event.ended) throw new ErrorOf(EVENT_OVER);
  return event;
}

/** Throws unless the slice is one of `owner`, the event that an object belongs to. */
export function requireOwner(owner: EventContext): void {
  if (turn.current !== owner) throw new ErrorOf(CROSS_REQUEST);
  if (owner.ended) throw new ErrorOf(EVENT_OVER);
}

/**
 * Runs a step of the runtime on behalf of `event`, which may differ from the slice's event where a
 * promise shared between events settled it. Synchronous steps only.
 */
export function runAs(event: EventContext, step: () => void): void {
  const before = turn.current;
  turn.current = event;
  try {
    step();
  } finally {
    turn.current = before;
  }
}

/** Forgets an event and what it held. Its promises stay pending for ever, so that none of its code runs on. */
export function forget(event: EventContext): void {
  event.ended = true;
  event.abortSignal = undefined;
  delete events[event.id];
}

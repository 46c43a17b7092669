import { TIMERS_PER_EVENT } from "../contract/bounds.ts";
import { Out } from "../contract/out.ts";
import { io } from "../io/io.ts";
import { mapDelete, mapGet, mapSet, mapSize } from "../primordials/collections.ts";
import { ErrorOf } from "../primordials/errors.ts";
import { mathMax, mathMin } from "../primordials/values.ts";
import type { EventContext } from "./event-context.ts";
import { put } from "./output.ts";
import { requireCurrent, turn } from "./turn.ts";

/** Longest delay that a timer keeps, in ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** A timer under the id that its event gave it; `handle` is the id that the worker sees. */
export interface ArmedTimer {
  readonly handle: number;
  readonly callback: () => void;
  readonly delayMs: number;
  readonly repeat: boolean;
}

/** Ids that workers see count through the isolate's life, so that a stale one never hits another event's timer. */
let lastHandle = 0;

/** Arms a timer of the current event, see `Io.setTimer`. Throws in the global scope and past the bound. */
export function setTimer(callback: () => void, delayMs: number, repeat = false): number {
  const event = requireCurrent();
  if (mapSize(event.timers) >= TIMERS_PER_EVENT) {
    throw new ErrorOf(`Too many timers: an event may have ${TIMERS_PER_EVENT} of them armed at once.`);
  }
  const timer: ArmedTimer = {
    handle: ++lastHandle,
    callback,
    delayMs: mathMin(mathMax(delayMs, 0), LONGEST_MS),
    repeat,
  };
  arm(event, timer);
  return timer.handle;
}

/** Clears a timer of the current event; anything else is ignored, as on the web. */
export function clearTimer(handle: number): void {
  const event = turn.current;
  if (event === null || event.ended) return;
  const ids = event.timerIds;
  const id = mapGet(ids, handle);
  if (id === undefined) return;
  mapDelete(ids, handle);
  if (mapDelete(event.timers, id)) put(event, [Out.timerClear, event.id, id], 0);
}

/** Runs a due timer. Gives false if it is not armed any more. */
export function fireTimer(event: EventContext, id: number): boolean {
  const timer = mapGet(event.timers, id);
  if (timer === undefined) return false;
  mapDelete(event.timers, id);
  try {
    timer.callback();
  } catch (error) {
    io.reportException(error);
  }
  if (event.ended) return true;
  const ids = event.timerIds;
  // The callback may have cleared its own interval: then its handle is gone.
  if (mapGet(ids, timer.handle) !== id) return true;
  if (timer.repeat) arm(event, timer);
  else mapDelete(ids, timer.handle);
  return true;
}

function arm(event: EventContext, timer: ArmedTimer): void {
  const id = ++event.lastTimer;
  if (!put(event, [Out.timerSet, event.id, id, timer.delayMs], 0)) return;
  mapSet(event.timers, id, timer);
  mapSet(event.timerIds, timer.handle, id);
}

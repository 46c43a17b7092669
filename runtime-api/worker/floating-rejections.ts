import { hasListeners } from "../events/event-target.ts";
import { io } from "../io/io.ts";
import type { EventContext } from "./event-context.ts";
import { runAs } from "./turn.ts";

type Teller = (name: string, message: string, stack: string) => void;

let tell: Teller | undefined;

/** Says how to tell listeners of a rejection: `unhandled-rejection.ts`, which few workers need. */
export function setRejectionTeller(teller: Teller): void {
  tell = teller;
}

function isListening(): boolean {
  return hasListeners(globalThis, "unhandledrejection");
}

/** Tells the listeners, if there are any, of a rejection that floated in an earlier slice of the event. */
export function tellOfRejection(name: string, message: string, stack: string): boolean {
  if (!isListening() || tell === undefined) return false;
  tell(name, message, stack);
  return true;
}

/**
 * Puts the end of an event off by one turn, once, where somebody listens for rejections: one that floated in
 * its last slice becomes known only afterwards. `end` is called again then.
 * @returns whether the end was put off
 */
export function lingerForRejections(event: EventContext, end: () => void): boolean {
  if (event.lingered || event.aborted || !isListening()) return false;
  event.lingered = true;
  try {
    runAs(event, () => void io.setTimer(end, 0));
    return true;
  } catch {
    // It has as many timers as it may.
    return false;
  }
}

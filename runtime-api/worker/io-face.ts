import type { AskCell } from "../contract/sync.ts";
import { hasListeners } from "../events/event-target.ts";
import type { Io } from "../io/io.ts";
import { call } from "./calls.ts";
import type { EventContext } from "./event-context.ts";
import { errorLine, errorText } from "./error-text.ts";
import { logLine } from "./event-log.ts";
import { clearTimer, setTimer } from "./event-timers.ts";
import { hostSocket } from "./host-socket.ts";
import { hostBody } from "./inbound-stream.ts";
import { reportUncaught } from "./lifecycle.ts";
import { sendStream } from "./outbound-stream.ts";
import { takeListenerError } from "./service-worker-events.ts";
import { requireCurrent, requireOwner, turn } from "./turn.ts";

/** V8's own clock, taken before the realm's `Date` is replaced. */
const realNow = Date.now;

let tellOfError: (thrown: unknown) => boolean = () => false;

/** Says how to tell listeners of an error: `uncaught-error.ts`, which few workers need. */
export function setErrorTeller(tell: (thrown: unknown) => boolean): void {
  tellOfError = tell;
}

/** The turn loop as the web APIs see it. */
export function makeIo(ask: AskCell): Io {
  return {
    ask,
    now: () => (turn.liveClock ? realNow() : turn.clockMs),
    call,
    hostBody,
    hostSocket,
    sendStream,
    setTimer,
    clearTimer,
    log(level, text) {
      if (turn.current !== null) logLine(turn.current, level, text);
    },
    reportException(error) {
      if (takeListenerError(error)) return;
      if (hasListeners(globalThis, "error") && tellOfError(error)) return;
      const event = turn.current;
      if (event === null) return;
      if (event.kind === "global") logLine(event, "error", `Uncaught ${errorLine(errorText(error))}`);
      else reportUncaught(event, error);
    },
    requireEvent(owner) {
      const event = requireCurrent();
      if (owner !== undefined) requireOwner(owner as EventContext);
      return event;
    },
  };
}

import { MapOf } from "../primordials/collections.ts";
import type { HostSocket } from "./host-socket.ts";
import type { InboundStream } from "./inbound-stream.ts";
import type { OutboundStream } from "./outbound-stream.ts";
import type { ErrorText } from "./error-text.ts";
import type { PendingReply } from "./calls.ts";
import type { ArmedTimer } from "./event-timers.ts";

export type EventKind = "global" | "fetch" | "scheduled" | "tail";

/** What the runtime knows of one event. State only: the files beside this one change it. */
export class EventContext {
  readonly id: number;
  readonly kind: EventKind;
  /** Nothing is sent any more, and any use of the event's objects throws. */
  ended = false;
  /** Name of the entrypoint that the request is for; the empty name is the default export. */
  entrypoint = "";
  /** JSON of `ctx.props`, where the caller gave any. */
  propsJson = "";
  /** Its first record came. */
  opened = false;
  /** The handler returned or threw, promises included. */
  settled = false;
  /** The head is out (always true where there is none). */
  answered: boolean;
  /** The response is out to its last byte, or never will be. */
  responded: boolean;
  /** Some error was not caught: the event ends with `ok` false. */
  failed = false;
  /** Nobody waits for the answer. */
  aborted = false;
  /** Its end was put off once already. */
  lingered = false;
  /** `waitUntil` promises that have not settled. */
  waiting = 0;
  /** Errors that may not go out before the head, because they do not decide the answer. */
  heldErrors: ErrorText[] = [];
  /** Aborts `request.signal`; set where somebody can listen. */
  abortSignal: ((reason: string) => void) | undefined = undefined;

  // Most events need none of these maps, so each is made when it is first asked for.
  #calls: Map<number, PendingReply> | undefined = undefined;
  #timers: Map<number, ArmedTimer> | undefined = undefined;
  #timerIds: Map<number, number> | undefined = undefined;
  #inbound: Map<number, InboundStream> | undefined = undefined;
  #outbound: Map<number, OutboundStream> | undefined = undefined;
  #sockets: Map<number, HostSocket> | undefined = undefined;
  /** Outbound streams that no record has named yet: they may not send. */
  unnamed: OutboundStream[] = [];
  lastCall = 0;
  lastTimer = 0;
  lastStream = -1;

  logLines = 0;
  logChars = 0;
  /** The turn that `records` and `weight` count for. */
  turn = -1;
  records = 0;
  weight = 0;

  constructor(id: number, kind: EventKind) {
    this.id = id;
    this.kind = kind;
    this.answered = this.responded = kind !== "fetch";
  }

  get calls(): Map<number, PendingReply> {
    return (this.#calls ??= new MapOf());
  }

  /** Armed timers by the ids that the cell knows. */
  get timers(): Map<number, ArmedTimer> {
    return (this.#timers ??= new MapOf());
  }

  /** The worker's ids of armed timers -> the cell's. */
  get timerIds(): Map<number, number> {
    return (this.#timerIds ??= new MapOf());
  }

  /** Streams that the host opened, by their even ids. */
  get inbound(): Map<number, InboundStream> {
    return (this.#inbound ??= new MapOf());
  }

  /** Streams that the worker opened, by their odd ids. */
  get outbound(): Map<number, OutboundStream> {
    return (this.#outbound ??= new MapOf());
  }

  get hasSockets(): boolean {
    return this.#sockets !== undefined;
  }

  /** WebSocket connections of the host that are not over. */
  get sockets(): Map<number, HostSocket> {
    return (this.#sockets ??= new MapOf());
  }
}

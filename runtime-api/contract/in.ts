import type { Flat, FlatBody } from "./flat.ts";

/**
 * Records that go into an isolate. A slice is one flat array:
 * `[event, clockMs, type, ...fields, type, ...fields, …]`, all of one event.
 * The fields of each type stand beside it; every record of a slice belongs to the slice's event.
 */
export const In = {
  /** `method, url, headers, bodyKind, bodyValue, cfJson`: a request; opens the event. */
  fetch: 1,
  /** `cron, scheduledTimeMs`: a cron trigger; opens the event. */
  scheduled: 2,
  /** `call, ok, count, ...values`: the answer to a call; if not ok the values are `code, message`. */
  reply: 3,
  /** `timer`: a timer is due. */
  timer: 4,
  /** `stream, bytes`: the next bytes of a stream that the host opened, within the isolate's credit. */
  chunk: 5,
  /** `stream`: the host's stream ended well. */
  close: 6,
  /** `stream, message`: the host's stream broke. */
  fail: 7,
  /** `stream, bytes`: the isolate may send so many more bytes on a stream that it opened. */
  credit: 8,
  /** `stream, reason`: nobody reads the isolate's stream any more. */
  cancel: 9,
  /** `reason`: the client went away, or the host gave up: aborts `request.signal`. */
  abort: 10,
  /** no fields: the event is over for the host; the isolate forgets it and sends nothing more. */
  drop: 11,
  /** `cpuUs`: CPU that the host spent for the event. Read by the cell; it does not go into the isolate. */
  charge: 12,
  /**
   * `name, message, stack`: a rejection that nobody handled floated in a slice of the event, as text. From the
   * cell to the isolate; the host never sends it.
   */
  rejection: 13,
  /**
   * `name, propsJson`: the request that follows in the same slice is for a named entrypoint, or comes with `ctx.props`.
   * Opens the event. The empty name is the default export.
   */
  entry: 14,
  /** `itemsJson`: events of other workers that are over, as a JSON array; opens the event. */
  tail: 15,
  /** `socket, data`: a whole message of a WebSocket, text or bytes, within the isolate's credit. */
  socketMessage: 32,
  /** `socket, isText, isLast, bytes`: the next part of a message that is too long for one record. */
  socketPart: 33,
  /** `socket, credit`: the isolate may send so much more on a WebSocket. */
  socketCredit: 34,
  /** `socket, code, reason, wasClean`: the WebSocket's connection is over. */
  socketClose: 35,
} as const;
export type In = (typeof In)[keyof typeof In];

/** Whether a record of this type begins an event. */
export function opensEvent(type: unknown): boolean {
  return type === In.fetch || type === In.scheduled || type === In.tail;
}

/** One record, as the host's code handles it; `event` is that of its slice. */
export type InMessage =
  | {
      type: typeof In.fetch;
      event: number;
      method: string;
      url: string;
      headers: string;
      body: FlatBody;
      cfJson: string;
    }
  | { type: typeof In.entry; event: number; name: string; propsJson: string }
  | { type: typeof In.scheduled; event: number; cron: string; scheduledTimeMs: number }
  | { type: typeof In.tail; event: number; itemsJson: string }
  | { type: typeof In.reply; event: number; call: number; ok: boolean; values: readonly Flat[] }
  | { type: typeof In.timer; event: number; timer: number }
  | { type: typeof In.chunk; event: number; stream: number; bytes: Uint8Array }
  | { type: typeof In.close; event: number; stream: number }
  | { type: typeof In.fail; event: number; stream: number; message: string }
  | { type: typeof In.credit; event: number; stream: number; bytes: number }
  | { type: typeof In.cancel; event: number; stream: number; reason: string }
  | { type: typeof In.abort; event: number; reason: string }
  | { type: typeof In.drop; event: number }
  | { type: typeof In.charge; event: number; cpuUs: number }
  | { type: typeof In.rejection; event: number; name: string; message: string; stack: string }
  | { type: typeof In.socketMessage; event: number; socket: number; data: string | Uint8Array }
  | {
      type: typeof In.socketPart;
      event: number;
      socket: number;
      isText: boolean;
      isLast: boolean;
      bytes: Uint8Array;
    }
  | { type: typeof In.socketCredit; event: number; socket: number; credit: number }
  | {
      type: typeof In.socketClose;
      event: number;
      socket: number;
      code: number;
      reason: string;
      wasClean: boolean;
    };

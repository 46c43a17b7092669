import type { Flat, FlatBody } from "./flat.ts";

/**
 * Records that come out of an isolate, all of one turn in one flat array:
 * `[type, event, ...fields, type, event, ...fields, …]`.
 */
export const Out = {
  /**
   * `status, statusText, headers, bodyKind, bodyValue, isCoded`: the response's head; once per fetch event. `isCoded`:
   * the body is in the form that `Content-Encoding` names; else whoever sends it brings it into that form.
   */
  head: 1,
  /** `stream, bytes`: the next bytes of a stream that the isolate opened, within the host's credit. */
  chunk: 2,
  /** `stream`: the isolate's stream ended well. */
  close: 3,
  /** `stream, message`: the isolate's stream broke. */
  fail: 4,
  /** `stream, bytes`: the host may send so many more bytes on a stream that it opened. */
  credit: 5,
  /** `stream, reason`: the isolate does not want the host's stream any more. */
  cancel: 6,
  /** `call, slot, op, count, ...args`: asks the binding in `slot` to do `op`; answered by one reply. */
  call: 7,
  /** `call`: the answer is not wanted any more. No reply need come; one under way is dropped. */
  uncall: 8,
  /** `timer, delayMs`: asks the cell for one timer record when the delay has passed; 0 is a task, due at once. */
  timerSet: 9,
  /** `timer`: the timer is not wanted any more. */
  timerClear: 10,
  /** `level, text`: one line of the worker's log; level is a {@link LogLevel}. */
  log: 11,
  /** `name, message, stack`: an error that nobody caught, as text; may precede a head or an end. */
  exception: 12,
  /** no fields: from now on an exception is answered by the origin, if there is one. */
  passThrough: 13,
  /** `ok`: the event is over: response sent, `waitUntil` settled. The last record of its event. */
  end: 14,
  /** event 0. `handlersJson`: the top level ran; a JSON array of handler names. */
  loaded: 15,
  /** event 0. `name, message, stack`: the top level failed. */
  loadFailed: 16,
  /** `wallUs`: how long the slice of this event ran, measured by the runtime; read by the cell only. */
  slice: 17,
  /** `socket, data`: a whole message on a WebSocket, text or bytes, within the host's credit. */
  socketMessage: 32,
  /** `socket, isText, isLast, bytes`: the next part of a message that is too long for one record. */
  socketPart: 33,
  /** `socket, credit`: the host may send so much more on a WebSocket. */
  socketCredit: 34,
  /** `socket, code, reason`: begins the closing handshake; nothing but credit follows. Code 0 is none. */
  socketClose: 35,
} as const;
export type Out = (typeof Out)[keyof typeof Out];

/** Levels of a log line. */
export const LOG_LEVELS = ["debug", "log", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One record, as the cell's and the host's code handle it. */
export type OutMessage =
  | {
      type: typeof Out.head;
      event: number;
      status: number;
      statusText: string;
      headers: string;
      body: FlatBody;
      isCoded: boolean;
    }
  | { type: typeof Out.chunk; event: number; stream: number; bytes: Uint8Array }
  | { type: typeof Out.close; event: number; stream: number }
  | { type: typeof Out.fail; event: number; stream: number; message: string }
  | { type: typeof Out.credit; event: number; stream: number; bytes: number }
  | { type: typeof Out.cancel; event: number; stream: number; reason: string }
  | { type: typeof Out.call; event: number; call: number; slot: number; op: string; args: readonly Flat[] }
  | { type: typeof Out.uncall; event: number; call: number }
  | { type: typeof Out.timerSet; event: number; timer: number; delayMs: number }
  | { type: typeof Out.timerClear; event: number; timer: number }
  | { type: typeof Out.log; event: number; level: LogLevel; text: string }
  | { type: typeof Out.exception; event: number; name: string; message: string; stack: string }
  | { type: typeof Out.passThrough; event: number }
  | { type: typeof Out.end; event: number; ok: boolean }
  | { type: typeof Out.loaded; event: number; handlersJson: string }
  | { type: typeof Out.loadFailed; event: number; name: string; message: string; stack: string }
  | { type: typeof Out.slice; event: number; wallUs: number }
  | { type: typeof Out.socketMessage; event: number; socket: number; data: string | Uint8Array }
  | {
      type: typeof Out.socketPart;
      event: number;
      socket: number;
      isText: boolean;
      isLast: boolean;
      bytes: Uint8Array;
    }
  | { type: typeof Out.socketCredit; event: number; socket: number; credit: number }
  | { type: typeof Out.socketClose; event: number; socket: number; code: number; reason: string };

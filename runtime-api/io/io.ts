import type { Flat } from "../contract/flat.ts";
import type { LogLevel } from "../contract/out.ts";
import type { AskCell } from "../contract/sync.ts";
import type { SocketLink } from "../websocket/socket-link.ts";

/** A call on its way. `cancel` withdraws it; the promise then rejects with `reason`. */
export interface PendingCall {
  readonly promise: Promise<readonly Flat[]>;
  cancel(reason: unknown): void;
}

/**
 * A body that the host holds and of which nothing has crossed yet. `open` makes the stream (once);
 * until then the body can be passed on by its id without entering the isolate.
 */
export interface HostBody {
  readonly id: number;
  /** Whether `open` was called or the body was passed on. */
  readonly taken: boolean;
  open(): ReadableStream<Uint8Array>;
  /** Marks the body as passed on and gives its id for a `ref`. Throws if it is taken or of another event. */
  pass(): number;
  /** Gives its id for a `copy`, and leaves it as it is. Throws if it is taken or of another event. */
  copy(): number;
}

/**
 * What the web APIs ask of the turn loop. `worker/` sets it once at boot; unit tests set a stand-in.
 * Every function that is I/O throws in the global scope and outside the event that owns the object.
 */
export interface Io {
  /** Synchronous questions to the cell. */
  readonly ask: AskCell;
  /** The clock of the slice, ms since the epoch; may have a fraction. */
  now(): number;
  /** Calls a binding's slot. Throws in the global scope. */
  call(slot: number, op: string, args: readonly Flat[]): PendingCall;
  /** The host's body with this id, as named by a reply or a fetch record of the current event. */
  hostBody(id: number): HostBody;
  /** The host's WebSocket connection with this id, as named by a reply to the current event. */
  hostSocket(id: number): SocketLink;
  /** Opens an outbound stream fed from `source` for the current event and gives its id. */
  sendStream(source: ReadableStream<Uint8Array>): number;
  /**
   * Arms a timer of the current event. Throws in the global scope. A `delayMs` of 0 is a task: it runs as soon
   * as the slice is over, microtasks included; timers of the web have at least 1. With `repeat` it is armed
   * again after each call until it is cleared. The id is unique in the isolate's life.
   */
  setTimer(callback: () => void, delayMs: number, repeat?: boolean): number;
  /** Clears a timer of the current event; nothing happens for any other id. */
  clearTimer(id: number): void;
  log(level: LogLevel, text: string): void;
  /** Reports an error that nobody caught (listener or timer callback threw) against the current event. */
  reportException(error: unknown): void;
  /**
   * Throws Cloudflare's global-scope error unless an event is running, and its cross-request error unless that is
   * `owner`, if one is given. Gives what stands for the event, to be an `owner` later.
   */
  requireEvent(owner?: unknown): unknown;
}

/** The turn loop's face. Set before any API is used. */
export let io: Io;

/** Installs the turn loop's face. */
export function setIo(implementation: Io): void {
  io = implementation;
}

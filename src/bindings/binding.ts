import type { Flat } from "../../runtime-api/contract/flat.ts";
import type { Invocations } from "../limits/invocations.ts";
import type { Limits } from "../limits/limits.ts";
import type { MessageSocket } from "../websocket/message-socket.ts";

/** The life of an isolate, as a binding sees it. */
export interface IsolateScope {
  /** Calls `release` once when the isolate is gone; at once if it is gone already. */
  whenGone(release: () => void): void;
  /** Something that the host kept for it is lost for good: it ends the events that it has, and gets no new ones. */
  goStale(): void;
}

/**
 * What a binding may use while it answers a call. Authority is here and not in the message: the host
 * made this context from the isolate that it asked to be made.
 */
export interface CallContext {
  readonly account: string;
  readonly worker: string;
  readonly versionId: string;
  /** What the version may use. */
  readonly limits: Limits;
  /** Stands for the event: what it shares is counted under it. */
  readonly event: object;
  /** How many workers the event's request has come through already. */
  readonly depth: number;
  /** The workers that the event's request has called so far, by whatever ways. */
  readonly invocations: Invocations;
  /** The isolate that the event runs in: what a binding keeps for it goes when it goes. */
  readonly isolate: IsolateScope;
  /** Aborted when the event ends or the worker does not want the answer any more. */
  readonly signal: AbortSignal;
  /** Counts CPU that the host spends for the event, in microseconds, as if the event's own code had used it. */
  charge(cpuUs: number): void;
  /**
   * Opens a stream into the isolate and returns its id, for a body of kind `stream`. Read lazily.
   * @throws CallError where the signal has aborted: the stream is cancelled
   */
  openStream(source: ReadableStream<Uint8Array>): number;
  /**
   * Hands a connection to the isolate and returns its id, for a body of kind `socket`. Not begun yet.
   * @throws CallError where the signal has aborted: the connection is ended
   */
  openSocket(connection: MessageSocket): number;
  /**
   * Reads a body that came with the call: kind `stream` (one that the isolate opened) or `ref` (one
   * that the host opened) gives a stream; text and bytes give themselves; `none` gives null.
   */
  readBody(
    kind: Flat | undefined,
    value: Flat | undefined,
  ): string | Uint8Array | ReadableStream<Uint8Array> | null;
}

/**
 * Answers the calls of one binding of one version. Throw a {@link CallError} for an error that the
 * worker shall see; any other error becomes "internal error" without its text.
 */
export interface Binding {
  call(op: string, args: readonly Flat[], context: CallContext): Promise<readonly Flat[]>;
  /** Whether the operation counts as a subrequest of its event. @default all do */
  isSubrequest?(op: string): boolean;
  /**
   * Whether the operation may change anything that outlives its event, so that an event which asked for it is
   * never run again. @default all do
   */
  writes?(op: string, args: readonly Flat[]): boolean;
}

/** An error that reaches the worker: `errorName` is an error class or a DOMException's name. */
export class CallError extends Error {
  readonly errorName: string;
  constructor(errorName: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.errorName = errorName;
  }
}

import type { Flat } from "../../runtime-api/contract/flat.ts";

/**
 * What a binding may use while it answers a call. Authority is here and not in the message: the host
 * made this context from the isolate that it asked to be made.
 */
export interface CallContext {
  readonly account: string;
  readonly worker: string;
  readonly versionId: string;
  /** Stands for the event: what it shares is counted under it. */
  readonly event: object;
  /** How many workers the event's request has come through already. */
  readonly depth: number;
  /** Aborted when the event ends or the worker does not want the answer any more. */
  readonly signal: AbortSignal;
  /** Opens a stream into the isolate and returns its id, for a body of kind `stream`. Read lazily. */
  openStream(source: ReadableStream<Uint8Array>): number;
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
}

/** An error that reaches the worker: `errorName` is an error class or a DOMException's name. */
export class CallError extends Error {
  readonly errorName: string;
  constructor(errorName: string, message: string) {
    super(message);
    this.errorName = errorName;
  }
}

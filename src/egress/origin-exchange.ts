import type { Dispatcher } from "undici";
import { INLINE_BODY_BYTES } from "../../runtime-api/contract/bounds.ts";
import { tooLarge } from "./decode-guard.ts";
import { CONNECTION_LOST, EgressError } from "./egress-error.ts";
import { originError } from "./origin-error.ts";
import { readOriginHead } from "./origin-head.ts";
import type { OriginHead } from "./origin-head.ts";
import { joinBytes } from "../cell/protocol/join-bytes.ts";

/** Answers of the kind 1xx that an origin may send ahead of its own. */
const MAX_INFORMATIONAL = 20;

/** One request to an origin and its answer, as undici tells them. */
export class OriginExchange implements Dispatcher.DispatchHandler {
  readonly head: Promise<OriginHead>;
  /** Resolves when nothing of the answer follows any more. */
  readonly over: Promise<void>;
  readonly #resolveHead: (head: OriginHead) => void;
  readonly #rejectHead: (error: unknown) => void;
  readonly #resolveOver: () => void;
  readonly #headTimer: NodeJS.Timeout;
  readonly #maxBytes: number;
  #origin: Dispatcher.DispatchController | null = null;
  #informational = 0;
  /** Why it is over before its time. */
  #failure: unknown = null;
  #isOver = false;
  #dropping = false;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #receivedBytes = 0;
  #reader: ReadableStreamDefaultController<Uint8Array> | null = null;
  #wanted = false;

  /**
   * @param headersTimeoutMs Time until the head; undici's own starts anew with every 1xx answer.
   * @param maxBytes What the body may have, as it comes over the wire.
   */
  constructor(headersTimeoutMs: number, maxBytes: number) {
    this.#maxBytes = maxBytes;
    const { promise, resolve, reject } = Promise.withResolvers<OriginHead>();
    this.head = promise;
    this.#resolveHead = resolve;
    this.#rejectHead = reject;
    const over = Promise.withResolvers<void>();
    this.over = over.promise;
    this.#resolveOver = over.resolve;
    this.#headTimer = setTimeout(() => {
      this.abort(new EgressError("TypeError", "Cannot fetch: the origin did not answer in time"));
    }, headersTimeoutMs);
  }

  /** Ends it, and its connection. The head or body fails with `reason`. */
  abort(reason: unknown): void {
    if (this.#isOver) return;
    this.#fail(reason);
    this.#origin?.abort(reason instanceof Error ? reason : new Error(CONNECTION_LOST));
  }

  /** Lets the body go; a short one is taken off the wire, so that the connection can be used again. */
  discard(): void {
    this.#dropping = true;
    this.#queue = [];
    if (this.#queuedBytes > INLINE_BODY_BYTES) this.abort(new EgressError("TypeError", CONNECTION_LOST));
    else this.#origin?.resume();
  }

  /** The body: whole if it came together with the head, else a stream; null if there is none. */
  async body(): Promise<Uint8Array | ReadableStream<Uint8Array> | null> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#failure !== null) throw this.#failure;
    if (!this.#isOver || this.#queuedBytes > INLINE_BODY_BYTES) return this.#stream();
    return this.#queuedBytes === 0 ? null : join(this.#queue, this.#queuedBytes);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#origin = controller;
    if (this.#failure !== null) controller.abort(new Error(CONNECTION_LOST));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusText?: string,
  ): void {
    if (status < 200) {
      this.#informational += 1;
      if (this.#informational > MAX_INFORMATIONAL)
        throw new EgressError("TypeError", "Cannot fetch: the origin sent too many 1xx answers");
      return;
    }
    clearTimeout(this.#headTimer);
    const head = readOriginHead(status, statusText ?? "", controller.rawHeaders as Uint8Array[]);
    if (head === null) throw new EgressError("TypeError", "Cannot fetch: the response has too many headers");
    this.#resolveHead(head);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    // Resuming may bring an empty chunk; to pause on it would go round for ever.
    if (chunk.length === 0) return;
    if (this.#dropping) {
      this.#queuedBytes += chunk.length;
      if (this.#queuedBytes > INLINE_BODY_BYTES) this.abort(new EgressError("TypeError", CONNECTION_LOST));
      return;
    }
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > this.#maxBytes) return this.abort(tooLarge(this.#maxBytes));
    // A copy of its own: what crosses to an isolate must never be a view on a larger buffer.
    const bytes = new Uint8Array(chunk);
    if (this.#wanted) {
      this.#wanted = false;
      controller.pause();
      this.#reader?.enqueue(bytes);
      return;
    }
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#reader !== null || this.#queuedBytes > INLINE_BODY_BYTES) controller.pause();
  }

  onResponseEnd(): void {
    this.#finish();
    if (this.#queue.length === 0) this.#closeReader();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(originError(error, this.#origin !== null));
  }

  #stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#reader = controller;
          if (this.#failure !== null) controller.error(this.#failure);
        },
        pull: (controller) => {
          const bytes = this.#queue.shift();
          if (bytes !== undefined) controller.enqueue(bytes);
          if (this.#queue.length > 0) return;
          if (this.#isOver) return this.#closeReader();
          if (bytes === undefined) this.#wanted = true;
          this.#origin?.resume();
        },
        cancel: (reason) => {
          this.#reader = null;
          this.abort(reason);
        },
      },
      { highWaterMark: 0 },
    );
  }

  #closeReader(): void {
    const reader = this.#reader;
    this.#reader = null;
    reader?.close();
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#failure = error;
    this.#finish();
    this.#rejectHead(error);
    this.#reader?.error(error);
    this.#reader = null;
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#headTimer);
    this.#resolveOver();
  }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  return chunks.length === 1 ? chunks[0]! : joinBytes(chunks, size);
}

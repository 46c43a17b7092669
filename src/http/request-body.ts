import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { LoopPace } from "../clock/loop-pace.ts";
import type { Deadline } from "./deadlines.ts";

/** Bodies that are read on in one turn of the loop: each brings some 64 KB, and as much that waits behind it. */
const BODIES_PER_TURN = 4;

/**
 * Node would take megabytes from one socket at one go, and then from the next one. Bodies take turns in the order in
 * which they are ready for more. One loop, one queue.
 */
const pace = new LoopPace<RequestBody>(BODIES_PER_TURN);

/** A client that went away, or broke its own framing, in the middle of its body. */
const CUT_SHORT = "the client disconnected before the whole request body arrived";

/** What a streamed body asks of its connection. */
export interface BodyHooks {
  readonly maxBytes: number;
  readonly idleMs: number;
  /** What has to come, on average, once it was waited for as long as `idleMs`. */
  readonly minBytesPerSecond: number;
  readonly deadline: Deadline;
  /** Somebody wants the first byte: a client that waits for `100 Continue` gets it now. */
  wanted(): void;
  tooLarge(): void;
  /** Nobody wants the rest. */
  unwanted(): void;
}

/** A request's body as a stream that reads from its socket only when it is read itself. */
export class RequestBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #message: IncomingMessage;
  readonly #hooks: BodyHooks;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #started = false;
  #receivedBytes = 0;
  /** How long the client has been waited for: never while the body waits for its own turn. */
  #waitedMs = 0;
  #waitsSinceMs = 0;

  constructor(message: IncomingMessage, hooks: BodyHooks) {
    this.#message = message;
    this.#hooks = hooks;
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#pull(),
        cancel: () => {
          this.#stop();
          hooks.unwanted();
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Whether nobody reads any more: all came, or the rest is of no use. */
  get isOver(): boolean {
    return this.#controller === null;
  }

  /** Breaks the stream for its reader; does nothing once it is over. */
  fail(message: string = CUT_SHORT): void {
    const controller = this.#controller;
    this.#stop();
    controller?.error(new Error(message));
  }

  #pull(): void {
    if (!this.#started) {
      this.#started = true;
      this.#hooks.wanted();
      // Node begins by itself once somebody listens, unless it is told not to. And it throws a body away whose reading
      // has not begun when the answer is out, which may be before its turn comes.
      this.#message.pause();
      this.#message.on("data", this.#onData).on("end", this.#onEnd);
      this.#message._read(0);
    }
    // Until its turn has come, it is not the client who is waited for.
    this.#hooks.deadline.clear();
    pace.next(this, this.#read);
  }

  readonly #read = (): void => {
    // It may have been given up meanwhile.
    if (this.#controller === null) return;
    const { idleMs, minBytesPerSecond, deadline } = this.#hooks;
    const earnedMs = idleMs + (this.#receivedBytes / minBytesPerSecond) * 1_000;
    deadline.in(Math.min(idleMs, earnedMs - this.#waitedMs));
    this.#waitsSinceMs = performance.now();
    this.#message.resume();
  };

  // Pausing comes first: enqueue may ask for more before it returns.
  readonly #onData = (chunk: Buffer): void => {
    this.#message.pause();
    this.#hooks.deadline.clear();
    this.#waitedMs += performance.now() - this.#waitsSinceMs;
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > this.#hooks.maxBytes) {
      this.fail(`the request body is larger than ${this.#hooks.maxBytes} bytes`);
      this.#hooks.tooLarge();
      return;
    }
    this.#controller?.enqueue(exactView(chunk));
  };

  readonly #onEnd = (): void => {
    const controller = this.#controller;
    this.#stop();
    if (this.#message.complete) controller?.close();
    else controller?.error(new Error(CUT_SHORT));
  };

  #stop(): void {
    this.#controller = null;
    this.#hooks.deadline.clear();
    this.#message.off("data", this.#onData).off("end", this.#onEnd);
    this.#message.pause();
  }
}

/** The bytes over exactly a buffer of their own. Node's parser gives such ones: a copy of each would be garbage soon. */
function exactView(chunk: Buffer): Uint8Array {
  return chunk.length === chunk.buffer.byteLength ? new Uint8Array(chunk.buffer) : new Uint8Array(chunk);
}

/**
 * Reads a small body whole.
 *
 * @returns null if it never came whole.
 */
export function gatherBody(message: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
  message.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
  });
  message.on("end", () => {
    if (!message.complete) return resolve(null);
    // A copy of its own: what crosses to an isolate must never be a view on a larger buffer.
    const bytes = new Uint8Array(size);
    let offset = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    resolve(bytes);
  });
  message.on("close", () => resolve(null));
  return promise;
}

const TEXTUAL = /^\s*(?:text\/|application\/(?:[a-z0-9.+-]+\+)?json\b|application\/x-www-form-urlencoded\b)/i;

/** A body of text as a string, where both forms hold the same bytes; any other stays as it is. */
export function asText(bytes: Uint8Array, contentType: string): string | Uint8Array {
  if (!TEXTUAL.test(contentType) || !isUtf8(bytes)) return bytes;
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes;
  return Buffer.from(bytes.buffer).toString("utf8");
}

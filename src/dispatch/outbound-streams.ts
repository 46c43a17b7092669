import { FIRST_CREDIT_BYTES } from "../../runtime-api/contract/bounds.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";

/** Credit goes back in pieces of at least this size, so that small reads do not cost a turn each. */
const CREDIT_STEP_BYTES = FIRST_CREDIT_BYTES / 4;

interface Sink {
  readonly queue: Uint8Array[];
  controller: ReadableStreamDefaultController<Uint8Array>;
  /** Bytes that the reader took and the isolate got no credit for yet. */
  owed: number;
  ended: "open" | "closed";
  wanted: boolean;
  readonly onEnd: (ok: boolean) => void;
}

/** The streams that the isolate opened for one event, as streams that the host's code can read. */
export class OutboundStreams {
  readonly #event: number;
  readonly #send: (message: InMessage) => void;
  readonly #progress: () => void;
  readonly #sinks = new Map<number, Sink>();

  constructor(event: number, send: (message: InMessage) => void, progress: () => void) {
    this.#event = event;
    this.#send = send;
    this.#progress = progress;
  }

  /**
   * The stream with this id, for one reader.
   * @param onEnd Called once, when the stream has been read to its end (`true`), failed or was cancelled.
   */
  open(id: number, onEnd: (ok: boolean) => void): ReadableStream<Uint8Array> {
    const sink: Sink = {
      queue: [],
      controller: undefined as unknown as ReadableStreamDefaultController<Uint8Array>,
      owed: 0,
      ended: "open",
      wanted: false,
      onEnd,
    };
    this.#sinks.set(id, sink);
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          sink.controller = controller;
        },
        pull: () => {
          sink.wanted = true;
          this.#feed(id, sink);
        },
        cancel: (reason) => {
          if (!this.#sinks.delete(id)) return;
          const text = reason instanceof Error ? reason.message : "the reader went away";
          this.#send({ type: In.cancel, event: this.#event, stream: id, reason: text });
          sink.onEnd(false);
        },
      },
      { highWaterMark: 0 },
    );
  }

  chunk(id: number, bytes: Uint8Array): void {
    const sink = this.#sinks.get(id);
    if (sink === undefined) return;
    this.#progress();
    sink.queue.push(bytes);
    this.#feed(id, sink);
  }

  close(id: number): void {
    const sink = this.#sinks.get(id);
    if (sink === undefined) return;
    sink.ended = "closed";
    this.#feed(id, sink);
  }

  fail(id: number, message: string): void {
    const sink = this.#sinks.get(id);
    if (sink === undefined) return;
    this.#sinks.delete(id);
    sink.controller.error(new Error(message));
    sink.onEnd(false);
  }

  failAll(message: string): void {
    for (const [id, sink] of this.#sinks) if (sink.ended === "open") this.fail(id, message);
  }

  #feed(id: number, sink: Sink): void {
    const bytes = sink.wanted ? sink.queue.shift() : undefined;
    if (bytes !== undefined) {
      sink.wanted = false;
      sink.controller.enqueue(bytes);
      this.#repay(id, sink, bytes.byteLength);
    }
    if (sink.queue.length > 0 || sink.ended === "open") return;
    this.#sinks.delete(id);
    sink.controller.close();
    sink.onEnd(true);
  }

  #repay(id: number, sink: Sink, bytes: number): void {
    sink.owed += bytes;
    if (sink.ended !== "open" || sink.owed < CREDIT_STEP_BYTES) return;
    this.#send({ type: In.credit, event: this.#event, stream: id, bytes: sink.owed });
    this.#progress();
    sink.owed = 0;
  }
}

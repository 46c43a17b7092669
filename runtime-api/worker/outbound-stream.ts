import { CHUNK_BYTES, FIRST_CREDIT_BYTES } from "../contract/bounds.ts";
import { Out } from "../contract/out.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import { arrayPush } from "../primordials/array.ts";
import { bytesCopy, bytesOf, typedByteLength } from "../primordials/bytes.ts";
import { mapDelete, mapSet } from "../primordials/collections.ts";
import { ErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { promiseHandled, promiseResolve, promiseThen } from "../primordials/promise.ts";
import { mathMin } from "../primordials/values.ts";
import {
  type ByteReader,
  type ByteStream,
  readerCancel,
  readerReadInto,
  type ReadSteps,
  streamCancel,
  streamReader,
} from "../streams/stream-state.ts";
import { errorText } from "./error-text.ts";
import type { EventContext } from "./event-context.ts";
import { endIfDone, reportUncaught } from "./lifecycle.ts";
import { put } from "./output.ts";
import { requireCurrent } from "./turn.ts";

const ready = promiseResolve(undefined);
const NO_STREAMS: readonly OutboundStream[] = [];

/**
 * A stream that the worker opened. It sends while it has credit, in pieces of at most `CHUNK_BYTES`,
 * and reads its source no further than that, so the source feels the reader at the other end.
 *
 * Chunks are read without promises, which is faster and leaves nothing to a patched `Object.prototype.then`.
 * What comes while the worker's own code runs is taken in a microtask, when that code is done.
 */
export class OutboundStream {
  readonly id: number;
  readonly #event: EventContext;
  readonly #stream: ByteStream | undefined;
  /** Whether the response waits for this stream. */
  readonly isResponse: boolean;
  #reader: ByteReader | undefined;
  #credit = FIRST_CREDIT_BYTES;
  #started = false;
  /** A chunk was asked for and has not come. */
  #reading = false;
  /** What has come and is not sent, from `#sent` on. */
  #rest: Uint8Array | undefined;
  #sent = 0;
  /** The source has no more. */
  #ended = false;
  #failure: { readonly reason: unknown } | undefined;
  #going = false;
  #done = false;

  constructor(event: EventContext, source: ByteStream | Uint8Array, isResponse: boolean) {
    this.#event = event;
    const bytes = bytesOf(source);
    this.#rest = bytes;
    this.#ended = bytes !== undefined;
    this.#stream = bytes === undefined ? (source as ByteStream) : undefined;
    this.isResponse = isResponse;
    this.id = event.lastStream += 2;
    mapSet(event.outbound, this.id, this);
  }

  get waitsForCredit(): boolean {
    return this.#started && !this.#done && !this.#reading && this.#credit <= 0;
  }

  /** Begins to send. The record that names the stream is out. */
  start(): void {
    this.#started = true;
    try {
      if (this.#stream !== undefined) this.#reader = streamReader(this.#stream);
      this.#go();
    } catch (error) {
      this.#break(error);
    }
  }

  /** The reader takes so many more bytes. */
  credit(bytes: number): void {
    this.#credit += bytes;
    if (this.#started) this.#go();
  }

  /** Nobody reads any more: the source is cancelled, nothing is sent. */
  cancel(reason: string): void {
    this.abandon(new ErrorOf(reason));
  }

  /** The same from this side: the source hears the reason as it is, and nothing says that the stream is over. */
  abandon(reason: unknown): void {
    if (this.#done) return;
    this.#done = true;
    try {
      if (this.#reader !== undefined) promiseHandled(readerCancel(this.#reader, reason));
      else if (this.#stream !== undefined) promiseHandled(streamCancel(this.#stream, reason));
    } catch {
      // The worker has locked it meanwhile: there is nobody left to tell.
    }
    this.#finish();
  }

  /** Breaks the stream from this side. */
  fail(message: string): void {
    if (this.#done) return;
    put(this.#event, [Out.fail, this.#event.id, this.id, message], message.length);
    this.#finish();
  }

  readonly #steps: ReadSteps = {
    chunk: (value) => {
      this.#reading = false;
      // As on Workers, a response may be a stream of texts.
      this.#rest = this.isResponse && typeof value === "string" ? utf8Encode(value) : bytesOf(value);
      if (this.#rest === undefined) {
        const reason = new TypeErrorOf(
          "A stream used as a body must give bytes (Uint8Array or ArrayBuffer chunks), but it gave something else.",
        );
        promiseHandled(readerCancel(this.#reader as ByteReader, reason));
        this.#failure = { reason };
      }
      this.#goLater();
    },
    close: () => {
      this.#reading = false;
      this.#ended = true;
      this.#goLater();
    },
    error: (reason) => {
      this.#reading = false;
      this.#failure = { reason };
      this.#goLater();
    },
  };

  #goLater(): void {
    if (!this.#going) void promiseThen(ready, () => this.#go());
  }

  /** Sends what is there and asks for more, until there is no credit or the source has nothing yet. */
  #go(): void {
    if (this.#going) return;
    this.#going = true;
    try {
      while (!this.#done && !this.#reading && this.#failure === undefined) {
        if (this.#credit <= 0) break;
        if (this.#rest !== undefined) this.#sendPiece(this.#rest);
        else if (this.#ended) break;
        else {
          this.#reading = true;
          readerReadInto(this.#reader as ByteReader, this.#steps);
        }
      }
    } catch (reason) {
      this.#failure = { reason };
    }
    this.#going = false;
    // The end waits for the code that runs now: it may have more to do for the event.
    if (this.#failure !== undefined || (this.#ended && this.#rest === undefined)) this.#endLater();
  }

  #sendPiece(rest: Uint8Array): void {
    const start = this.#sent;
    const size = typedByteLength(rest);
    const end = mathMin(start + CHUNK_BYTES, size);
    if (end > start) {
      this.#credit -= end - start;
      const piece = bytesCopy(rest, start, end);
      if (!put(this.#event, [Out.chunk, this.#event.id, this.id, piece], end - start)) this.#done = true;
    }
    this.#sent = end === size ? 0 : end;
    if (end === size) this.#rest = undefined;
  }

  #endLater(): void {
    void promiseThen(ready, () => {
      if (this.#done) return;
      if (this.#failure !== undefined) return this.#break(this.#failure.reason);
      put(this.#event, [Out.close, this.#event.id, this.id], 0);
      this.#finish();
    });
  }

  #break(reason: unknown): void {
    if (this.#done) return;
    if (this.isResponse) reportUncaught(this.#event, reason);
    this.fail(errorText(reason).message);
  }

  #finish(): void {
    this.#done = true;
    mapDelete(this.#event.outbound, this.id);
    if (!this.isResponse) return;
    this.#event.responded = true;
    endIfDone(this.#event);
  }
}

/** Opens a stream of the current event, see `Io.sendStream`. It sends once a call names it. */
export function sendStream(source: ReadableStream<Uint8Array>): number {
  const event = requireCurrent();
  const stream = new OutboundStream(event, source as unknown as ByteStream, false);
  arrayPush(event.unnamed, stream);
  return stream.id;
}

/** Starts the streams that the record just sent has named, and gives them. */
export function startUnnamed(event: EventContext): readonly OutboundStream[] {
  const streams = event.unnamed;
  if (streams.length === 0) return NO_STREAMS;
  event.unnamed = [];
  for (let i = 0; i < streams.length; i++) (streams[i] as OutboundStream).start();
  return streams;
}

/** The record that would have named them was not sent: nobody will read them. */
export function dropUnnamed(event: EventContext): void {
  const streams = event.unnamed;
  event.unnamed = [];
  for (let i = 0; i < streams.length; i++)
    (streams[i] as OutboundStream).cancel("The operation was not sent.");
}

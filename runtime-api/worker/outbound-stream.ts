import { CHUNK_BYTES, FIRST_CREDIT_BYTES } from "../contract/bounds.ts";
import { Out } from "../contract/out.ts";
import { arrayPush } from "../primordials/array.ts";
import { bytesCopy, bytesOf, typedByteLength } from "../primordials/bytes.ts";
import { mapDelete, mapSet } from "../primordials/collections.ts";
import { ErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { promiseHandled, promiseWithResolvers } from "../primordials/promise.ts";
import { mathMin } from "../primordials/values.ts";
import {
  type ByteReader,
  type ByteStream,
  readerCancel,
  readerRead,
  streamCancel,
  streamReader,
} from "../streams/stream-state.ts";
import { errorText } from "./error-text.ts";
import type { EventContext } from "./event-context.ts";
import { endIfDone, reportUncaught } from "./lifecycle.ts";
import { put } from "./output.ts";
import { requireCurrent } from "./turn.ts";

/**
 * A stream that the worker opened. It sends while it has credit, in pieces of at most `CHUNK_BYTES`,
 * and reads its source no further than that, so the source feels the reader at the other end.
 */
export class OutboundStream {
  readonly id: number;
  readonly #event: EventContext;
  readonly #stream: ByteStream | undefined;
  readonly #bytes: Uint8Array | undefined;
  /** Whether the response waits for this stream. */
  readonly isResponse: boolean;
  #reader: ByteReader | undefined;
  #credit = FIRST_CREDIT_BYTES;
  #creditCame: (() => void) | undefined;
  #done = false;

  constructor(event: EventContext, source: ByteStream | Uint8Array, isResponse: boolean) {
    this.#event = event;
    this.#bytes = bytesOf(source);
    this.#stream = this.#bytes === undefined ? (source as ByteStream) : undefined;
    this.isResponse = isResponse;
    this.id = event.lastStream += 2;
    mapSet(event.outbound, this.id, this);
  }

  get waitsForCredit(): boolean {
    return !this.#done && this.#creditCame !== undefined;
  }

  /** Begins to send. The record that names the stream is out. */
  start(): void {
    void this.#run();
  }

  /** The reader takes so many more bytes. */
  credit(bytes: number): void {
    this.#credit += bytes;
    if (this.#credit <= 0) return;
    const resume = this.#creditCame;
    this.#creditCame = undefined;
    resume?.();
  }

  /** Nobody reads any more: the source is cancelled, nothing is sent. */
  cancel(reason: string): void {
    if (this.#done) return;
    this.#done = true;
    const error = new ErrorOf(reason);
    try {
      if (this.#reader !== undefined) promiseHandled(readerCancel(this.#reader, error));
      else if (this.#stream !== undefined) promiseHandled(streamCancel(this.#stream, error));
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

  async #run(): Promise<void> {
    try {
      if (this.#stream !== undefined) await this.#pump(this.#stream);
      else await this.#send(this.#bytes as Uint8Array);
      if (this.#done) return;
      put(this.#event, [Out.close, this.#event.id, this.id], 0);
      this.#finish();
    } catch (error) {
      if (this.#done) return;
      if (this.isResponse) reportUncaught(this.#event, error);
      this.fail(errorText(error).message);
    }
  }

  async #pump(stream: ByteStream): Promise<void> {
    const reader = (this.#reader = streamReader(stream));
    while (!this.#done) {
      if (this.#credit <= 0) await this.#moreCredit();
      if (this.#done) return;
      const { done, value } = await readerRead(reader);
      if (done || this.#done) return;
      const bytes = bytesOf(value);
      if (bytes === undefined) {
        const error = new TypeErrorOf(
          "A stream used as a body must give bytes (Uint8Array or ArrayBuffer chunks), but it gave something else.",
        );
        promiseHandled(readerCancel(reader, error));
        throw error;
      }
      await this.#send(bytes);
    }
  }

  async #send(bytes: Uint8Array): Promise<void> {
    const size = typedByteLength(bytes);
    for (let start = 0; start < size;) {
      if (this.#credit <= 0) await this.#moreCredit();
      if (this.#done) return;
      const end = mathMin(start + CHUNK_BYTES, size);
      this.#credit -= end - start;
      if (
        !put(this.#event, [Out.chunk, this.#event.id, this.id, bytesCopy(bytes, start, end)], end - start)
      ) {
        this.#done = true;
        return;
      }
      start = end;
    }
  }

  #moreCredit(): Promise<void> {
    const { promise, resolve } = promiseWithResolvers<void>();
    this.#creditCame = resolve;
    return promise;
  }

  #finish(): void {
    this.#done = true;
    mapDelete(this.#event.outbound, this.id);
    this.#creditCame?.();
    this.#creditCame = undefined;
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

/** Starts the streams that the record just sent has named. */
export function startUnnamed(event: EventContext): void {
  const streams = event.unnamed;
  if (streams.length === 0) return;
  event.unnamed = [];
  for (let i = 0; i < streams.length; i++) (streams[i] as OutboundStream).start();
}

/** The record that would have named them was not sent: nobody will read them. */
export function dropUnnamed(event: EventContext): void {
  const streams = event.unnamed;
  event.unnamed = [];
  for (let i = 0; i < streams.length; i++)
    (streams[i] as OutboundStream).cancel("The operation was not sent.");
}

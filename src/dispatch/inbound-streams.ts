import { CHUNK_BYTES } from "../../runtime-api/contract/bounds.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { splitStream } from "./split-stream.ts";
import { watched } from "./watched-stream.ts";

/** Bytes that all copies of one event may hold for the slower of their readers. */
const LAG_BYTES = 16 * 1024 ** 2;
const MIN_LAG_BYTES = 64 * 1024;

interface Source {
  stream: ReadableStream<Uint8Array>;
  reader: ReadableStreamDefaultReader<Uint8Array> | null;
  credit: number;
  pumping: boolean;
  /** What was read but does not fit the credit yet. */
  rest: Uint8Array | null;
  /** Whether somebody reads a copy of it. */
  copied: boolean;
}

/** The streams that the host opened for one event: they flow into the isolate as it gives credit. */
export class InboundStreams {
  readonly #event: number;
  readonly #send: (message: InMessage) => void;
  readonly #progress: () => void;
  readonly #sources = new Map<number, Source>();
  #nextId = 2;
  /** What the copies of this event may hold. */
  #lagBytes = 0;

  constructor(event: number, send: (message: InMessage) => void, progress: () => void) {
    this.#event = event;
    this.#send = send;
    this.#progress = progress;
  }

  open(stream: ReadableStream<Uint8Array>): number {
    const id = this.#nextId;
    this.#nextId += 2;
    this.#sources.set(id, { stream, reader: null, credit: 0, pumping: false, rest: null, copied: false });
    return id;
  }

  /** Whether a stream is as it was when it was opened: nothing of it was read, copied, passed on or refused. */
  isUntouched(id: number): boolean {
    const source = this.#sources.get(id);
    return source !== undefined && source.reader === null && !source.copied;
  }

  /** Lets go of an untouched stream without cancelling it: it is used elsewhere. */
  giveBack(id: number): void {
    if (this.isUntouched(id)) this.#sources.delete(id);
  }

  /**
   * The stream itself, where the isolate passed it on untouched; null if it is not there to take. What is read from
   * it is progress of the event.
   * @param onEnd Called once: `true` when it was read to its end, `false` when it failed or was cancelled.
   */
  take(id: number, onEnd: (ok: boolean) => void = () => {}): ReadableStream<Uint8Array> | null {
    const source = this.#sources.get(id);
    if (source === undefined || source.reader !== null) return null;
    this.#sources.delete(id);
    return watched(source.stream, this.#progress, (end) => onEnd(end === "read"));
  }

  /**
   * A copy of a stream that the isolate keeps, to read or to pass on later; null if it is not there to copy.
   * @param givesUp Which of the two ends where nobody begins to read the other: this copy, or the other.
   * @param onEnd As for `take`.
   */
  copy(
    id: number,
    givesUp: "reader" | "other",
    onEnd: (ok: boolean) => void = () => {},
  ): ReadableStream<Uint8Array> | null {
    const source = this.#sources.get(id);
    if (source === undefined || source.reader !== null) return null;
    // Half of what is left, so that one copy more can be made.
    const lagBytes = Math.max(MIN_LAG_BYTES, (LAG_BYTES - this.#lagBytes) >> 1);
    this.#lagBytes += lagBytes;
    const onOver = (): void => void (this.#lagBytes -= lagBytes);
    const [kept, copy] = splitStream(source.stream, { lagBytes, givesUp, onOver });
    source.stream = kept;
    source.copied = true;
    return watched(copy, this.#progress, (end) => onEnd(end === "read"));
  }

  credit(id: number, bytes: number): void {
    const source = this.#sources.get(id);
    if (source === undefined) return;
    source.credit += bytes;
    if (!source.pumping) void this.#pump(id, source);
  }

  cancel(id: number, reason: string): void {
    const source = this.#sources.get(id);
    if (source === undefined) return;
    this.#sources.delete(id);
    abandon(source, reason);
  }

  /** Lets go of what the isolate kept of streams that were copied, so that the copies need not wait for it. */
  cancelCopied(reason: string): void {
    for (const [id, { copied }] of [...this.#sources]) if (copied) this.cancel(id, reason);
  }

  cancelAll(reason: string): void {
    for (const id of [...this.#sources.keys()]) this.cancel(id, reason);
  }

  async #pump(id: number, source: Source): Promise<void> {
    source.pumping = true;
    try {
      source.reader ??= source.stream.getReader();
      while (source.credit > 0 && this.#sources.get(id) === source) {
        const bytes = source.rest ?? (await next(source.reader));
        if (this.#sources.get(id) !== source) return;
        if (bytes === null) {
          this.#sources.delete(id);
          this.#send({ type: In.close, event: this.#event, stream: id });
          return;
        }
        this.#progress();
        this.#sendPart(id, source, bytes);
      }
    } catch (error) {
      if (!this.#sources.delete(id)) return;
      this.#send({ type: In.fail, event: this.#event, stream: id, message: messageOf(error) });
    } finally {
      source.pumping = false;
    }
  }

  /** Sends what fits one chunk; the rest waits for its turn. */
  #sendPart(id: number, source: Source, bytes: Uint8Array): void {
    const part = bytes.byteLength > CHUNK_BYTES ? bytes.subarray(0, CHUNK_BYTES) : bytes;
    source.rest = bytes.byteLength > CHUNK_BYTES ? bytes.subarray(CHUNK_BYTES) : null;
    source.credit -= part.byteLength;
    if (part.byteLength === 0) return;
    this.#send({ type: In.chunk, event: this.#event, stream: id, bytes: exact(part) });
  }
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | null> {
  const { value, done } = await reader.read();
  if (done) return null;
  if (!(value instanceof Uint8Array))
    throw new TypeError("a body stream gave something that is not a Uint8Array");
  return value;
}

/** A view on a larger buffer would carry that whole buffer into the isolate. */
function exact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength && bytes.constructor === Uint8Array
    ? bytes
    : Uint8Array.prototype.slice.call(bytes);
}

function abandon(source: Source, reason: string): void {
  const target = source.reader ?? source.stream;
  target.cancel(new DOMException(reason, "AbortError")).catch(() => {
    // The source's own failure: nobody is left to hear of it.
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "the body could not be read";
}

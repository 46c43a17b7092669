import { WINDOW_BYTES } from "../contract/bounds.ts";
import { Out } from "../contract/out.ts";
import type { HostBody } from "../io/io.ts";
import { typedByteLength } from "../primordials/bytes.ts";
import { mapGet, mapSet } from "../primordials/collections.ts";
import { RangeErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { numberIsInteger } from "../primordials/values.ts";
import { type ByteController, closeByteStream, lazyByteStream } from "../streams/bytes-stream.ts";
import { errorText } from "./error-text.ts";
import type { EventContext } from "./event-context.ts";
import { put } from "./output.ts";
import { requireCurrent, requireOwner } from "./turn.ts";

/**
 * A stream that the host opened. Nothing crosses until the worker reads: credit is given in windows, and
 * only while somebody waits for bytes, so what lies unread in the isolate is at most one window.
 */
export class InboundStream implements HostBody {
  readonly id: number;
  readonly #event: EventContext;
  #taken = false;
  #controller: ByteController | undefined;
  /** Bytes granted that have not come. */
  #outstanding = 0;
  #end: "open" | "closed" | "failed" | "cancelled" | "passed" = "open";
  #failure = "";

  constructor(event: EventContext, id: number) {
    this.#event = event;
    this.id = id;
  }

  get taken(): boolean {
    return this.#taken;
  }

  /** Whether bytes may come though the worker does nothing more: the event is not hung. */
  get expectsData(): boolean {
    return this.#controller !== undefined && this.#end === "open" && this.#outstanding > 0;
  }

  open(): ReadableStream<Uint8Array> {
    this.#take();
    return lazyByteStream({
      start: (controller) => this.#start(controller),
      pull: () => this.#pull(),
      cancel: (reason) => this.#cancel(reason),
    }) as unknown as ReadableStream<Uint8Array>;
  }

  copy(): number {
    this.#requireUntaken();
    return this.id;
  }

  pass(): number {
    this.#take();
    this.#end = "passed";
    return this.id;
  }

  /** The next bytes of the host. Gives false if nobody wants them. */
  chunk(bytes: Uint8Array): boolean {
    if (this.#end !== "open" || this.#controller === undefined) return false;
    this.#outstanding -= typedByteLength(bytes);
    if (typedByteLength(bytes) > 0) this.#controller.enqueue(bytes);
    return true;
  }

  close(): boolean {
    if (this.#end !== "open") return false;
    this.#end = "closed";
    if (this.#controller !== undefined) closeByteStream(this.#controller);
    return true;
  }

  fail(message: string): boolean {
    if (this.#end !== "open") return false;
    this.#end = "failed";
    this.#failure = message;
    this.#controller?.error(new TypeErrorOf(message));
    return true;
  }

  #take(): void {
    this.#requireUntaken();
    this.#taken = true;
  }

  #requireUntaken(): void {
    requireOwner(this.#event);
    if (this.#taken) throw new TypeErrorOf("This body has been read or passed on already.");
  }

  #start(controller: ByteController): void {
    this.#controller = controller;
    if (this.#end === "closed") closeByteStream(controller);
    else if (this.#end === "failed") controller.error(new TypeErrorOf(this.#failure));
  }

  #pull(): void {
    requireOwner(this.#event);
    if (this.#end !== "open" || this.#outstanding > WINDOW_BYTES / 2) return;
    const bytes = WINDOW_BYTES - this.#outstanding;
    this.#outstanding = WINDOW_BYTES;
    put(this.#event, [Out.credit, this.#event.id, this.id, bytes], 0);
  }

  #cancel(reason: unknown): void {
    if (this.#end !== "open") return;
    this.#end = "cancelled";
    const { message } = errorText(reason);
    put(this.#event, [Out.cancel, this.#event.id, this.id, message], message.length);
  }
}

/** The host's body with this id for the current event, see `Io.hostBody`. */
export function hostBody(id: number): HostBody {
  return inboundStream(requireCurrent(), id);
}

/** The event's inbound stream with this id, made when it is first named. Throws for ids that are none. */
export function inboundStream(event: EventContext, id: number): InboundStream {
  if (!numberIsInteger(id) || id < 1 || id % 2 !== 0)
    throw new RangeErrorOf(`No stream of the host has the id ${id}.`);
  let stream = mapGet(event.inbound, id);
  if (stream === undefined) mapSet(event.inbound, id, (stream = new InboundStream(event, id)));
  return stream;
}

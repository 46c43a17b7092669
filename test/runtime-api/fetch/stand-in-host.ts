import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { type HostBody, setIo } from "../../../runtime-api/io/io.ts";
import { ReadableStream } from "../../../runtime-api/streams/stream-classes.ts";
import type { ByteStream } from "../../../runtime-api/streams/stream-state.ts";
import { standInIo } from "../stand-in-io.ts";

/** A body of a host that only remembers what became of it. */
export class StandInBody implements HostBody {
  /** A chunk that never comes. */
  static readonly stall = "\0stall";
  readonly id: number;
  readonly #chunks: string[];
  opened = false;
  passed = false;
  cancelled: unknown;
  constructor(id: number, ...chunks: string[]) {
    this.id = id;
    this.#chunks = chunks;
  }
  get taken(): boolean {
    return this.opened || this.passed;
  }
  open(): never {
    if (this.taken) throw new TypeError("taken twice");
    this.opened = true;
    const chunks = this.#chunks;
    return new ReadableStream(
      {
        type: "bytes",
        pull(controller) {
          const chunk = chunks.shift();
          if (chunk === StandInBody.stall) return;
          if (chunk !== undefined) return controller.enqueue(new TextEncoder().encode(chunk));
          controller.close();
          controller.byobRequest?.respond(0);
        },
        cancel: (reason) => {
          this.cancelled = reason;
        },
      },
      { highWaterMark: 0 },
    ) as never;
  }
  copy(): number {
    if (this.taken) throw new TypeError("taken already");
    return this.id;
  }
  pass(): number {
    if (this.taken) throw new TypeError("taken twice");
    this.passed = true;
    return this.id;
  }
}

/** A call that the isolate made. */
export interface SeenCall {
  readonly slot: number;
  readonly op: string;
  readonly args: readonly Flat[];
  reply(...values: Flat[]): void;
  fail(error: unknown): void;
  cancelled: unknown;
}

/** Installs a turn loop whose host is the test itself. */
export function standInHost(): { calls: SeenCall[]; sent: ByteStream[]; bodies: Map<number, StandInBody> } {
  const host = { calls: [] as SeenCall[], sent: [] as ByteStream[], bodies: new Map<number, StandInBody>() };
  setIo({
    ...standInIo().io,
    call(slot, op, args) {
      const { promise, resolve, reject } = Promise.withResolvers<readonly Flat[]>();
      const call: SeenCall = {
        slot,
        op,
        args,
        reply: (...values) => resolve(values),
        fail: reject,
        cancelled: undefined,
      };
      host.calls.push(call);
      return {
        promise,
        cancel(reason) {
          call.cancelled = reason;
          reject(reason);
        },
      };
    },
    hostBody(id) {
      const body = host.bodies.get(id);
      if (body === undefined) throw new Error(`no body ${id}`);
      return body;
    },
    sendStream(source) {
      return host.sent.push(source as unknown as ByteStream) * 2 - 1;
    },
  });
  return host;
}

/** What a promise rejects with; undefined if it does not. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

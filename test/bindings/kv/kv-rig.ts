import { Invocations } from "../../../src/limits/invocations.ts";
import * as assert from "uvu/assert";
import { BodyKind } from "../../../runtime-api/contract/flat.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { CallError } from "../../../src/bindings/binding.ts";
import type { Binding, CallContext } from "../../../src/bindings/binding.ts";
import { createKvBinding } from "../../../src/bindings/kv/kv-binding.ts";
import { KvRooms } from "../../../src/bindings/kv/kv-rooms.ts";
import { DEFAULT_LIMITS } from "../../../src/limits/defaults.ts";
import type { KvStore } from "../../../src/storage/kv-store.ts";
import { MemoryKv } from "../../../src/storage/memory-kv.ts";

export const NOW = 1_700_000_000_000;

/** What a test may hand in as the body of a put. */
export type PutBody = string | Uint8Array | ReadableStream<Uint8Array> | null;

/** One namespace's binding, called as the host calls it, on a clock that the test moves. */
export class KvRig {
  readonly store: KvStore;
  readonly binding: Binding;
  readonly abort: AbortController = new AbortController();
  readonly opened: ReadableStream<Uint8Array>[] = [];
  nowMs: number = NOW;
  chargedUs = 0;

  constructor(options: { store?: KvStore; ns?: number; rooms?: KvRooms } = {}) {
    const now = (): number => this.nowMs;
    const { rooms = new KvRooms() } = options;
    this.store = options.store ?? new MemoryKv({ now });
    this.binding = createKvBinding({ store: this.store, ns: options.ns ?? 1, now, rooms });
  }

  call(op: string, ...args: Flat[]): Promise<readonly Flat[]> {
    return this.binding.call(op, args, this.#context(null));
  }

  put(
    key: string,
    body: PutBody,
    options: { expiration?: Flat; ttl?: Flat; metadata?: Flat } = {},
  ): Promise<readonly Flat[]> {
    const args = [
      key,
      BodyKind.stream,
      1,
      options.expiration ?? null,
      options.ttl ?? null,
      options.metadata ?? null,
    ];
    return this.binding.call("put", args, this.#context(body));
  }

  async get(key: string): Promise<{
    found: Flat | undefined;
    kind: Flat | undefined;
    value: Flat | undefined;
    metadata: Flat | undefined;
  }> {
    const [found, kind, value, metadata] = await this.call("get", key, null);
    return { found, kind, value, metadata };
  }

  async list(
    prefix: string | null = null,
    limit: number | null = null,
    cursor: string | null = null,
  ): Promise<ListAnswer> {
    const [kind, value] = await this.call("list", prefix, limit, cursor);
    const json = kind === BodyKind.stream ? await this.streamed(value) : value;
    return JSON.parse(String(json)) as ListAnswer;
  }

  /** The stream of a reply's body, read to its end. */
  async streamed(id: Flat | undefined): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#stream(id) ?? new ReadableStream<Uint8Array>()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Drops the stream of a reply's body. */
  async cancel(id: Flat | undefined): Promise<void> {
    await this.#stream(id)!.cancel();
  }

  #stream(id: Flat | undefined): ReadableStream<Uint8Array> | undefined {
    return this.opened[Number(id) / 2 - 1];
  }

  #context(body: PutBody): CallContext {
    return {
      event: {},
      depth: 0,
      invocations: new Invocations(),
      account: "acme",
      worker: "shop",
      versionId: "v1",
      limits: DEFAULT_LIMITS,
      isolate: { whenGone: () => {}, goStale: () => {} },
      charge: (cpuUs) => void (this.chargedUs += cpuUs),
      signal: this.abort.signal,
      openSocket: () => 0,
      openStream: (source) => this.opened.push(source) * 2,
      readBody: () => body,
    };
  }
}

export interface ListAnswer {
  readonly keys: { readonly name: string; readonly expiration?: number; readonly metadata?: unknown }[];
  readonly list_complete: boolean;
  readonly cursor?: string;
}

/** Checks that a call fails with an error that the worker sees, with exactly this text. */
export async function fails(call: Promise<unknown>, name: string, message: string): Promise<void> {
  const error = await call.then(
    (value) => new Error(`expected ${message}, but got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CallError)) throw error;
  assert.is(error.message, message);
  assert.is(error.errorName, name);
}

/** A stream of `count` chunks of `size` bytes; `pulled` counts what was asked for. */
export function chunked(
  count: number,
  size: number,
): { stream: ReadableStream<Uint8Array>; pulled: number; canceled: boolean } {
  const source = {
    pulled: 0,
    canceled: false,
    stream: new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (source.pulled === count) return controller.close();
          controller.enqueue(new Uint8Array(size).fill(source.pulled++));
        },
        cancel() {
          source.canceled = true;
        },
      },
      { highWaterMark: 0 },
    ),
  };
  return source;
}

import { Op } from "../../../runtime-api/contract/calls.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import type { Bytes, KvStore } from "../../storage/kv-store.ts";
import { CallError } from "../binding.ts";
import type { Binding, CallContext } from "../binding.ts";
import { optionalNumber, optionalText, textArg } from "./kv-args.ts";
import { readCursor, writeCursor } from "./kv-cursor.ts";
import { checkCacheTtl, expiresMs } from "./kv-expiry.ts";
import { fromStore, kvFailure } from "./kv-failure.ts";
import type { KvMethod } from "./kv-failure.ts";
import { readMany } from "./kv-bulk.ts";
import { keyBytes, prefixBytes } from "./kv-key.ts";
import { MANY_KEYS, METADATA_BYTES } from "./kv-limits.ts";
import { listKeys, listLimit } from "./kv-list.ts";
import { KvRooms } from "./kv-rooms.ts";
import { readValue, valueBody } from "./kv-value.ts";

/** What a KV binding stands on. */
export interface KvBindingOptions {
  readonly store: KvStore;
  /** The namespace's number, from the control store: the binding's whole authority. */
  readonly ns: number;
  /** ms since the epoch; the clock that the store has. @default Date.now */
  readonly now?: () => number;
  /** What all namespaces of a host share. @default rooms of its own */
  readonly rooms?: KvRooms;
}

const READS: ReadonlySet<string> = new Set([Op.kvGet, Op.kvGetMany, Op.kvList]);
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * A Workers KV namespace: its operations are those of `runtime-api/contract/calls.ts`, its limits and
 * error texts those of Workers KV.
 *
 * @example
 * const binding = createKvBinding({ store: data.kv, ns: data.control.ensureNamespace({ account, id, nowMs }) });
 */
export function createKvBinding(options: KvBindingOptions): Binding {
  const namespace = new KvNamespaceBinding(options);
  return {
    call: (op, args, context) => namespace.call(op, args, context),
    writes: (op) => !READS.has(op),
  };
}

class KvNamespaceBinding {
  readonly #store: KvStore;
  readonly #ns: number;
  readonly #now: () => number;
  readonly #rooms: KvRooms;

  constructor({ store, ns, now = Date.now, rooms = new KvRooms() }: KvBindingOptions) {
    this.#rooms = rooms;
    this.#store = store;
    this.#ns = ns;
    this.#now = now;
  }

  async call(op: string, args: readonly Flat[], context: CallContext): Promise<readonly Flat[]> {
    switch (op) {
      case Op.kvGet:
        return await this.#get(args, context);
      case Op.kvGetMany:
        return await this.#getMany(args, context);
      case Op.kvPut:
        return await this.#put(args, context);
      case Op.kvDelete:
        return await this.#delete(args);
      case Op.kvList:
        return await this.#list(args, context);
      default:
        throw new CallError("TypeError", `KV has no operation "${op.slice(0, 64)}"`);
    }
  }

  async #get([name, cacheTtl]: readonly Flat[], context: CallContext): Promise<readonly Flat[]> {
    const key = keyBytes("GET", textArg("get", name));
    checkCacheTtl("GET", optionalNumber("get", cacheTtl));
    const reading = await asked("GET", this.#store.read(this.#ns, key));
    if (reading === null) return [false, 0, null, null];
    return [true, ...valueBody(reading, this.#rooms, context), metadataText(reading.meta)];
  }

  async #getMany([cacheTtl, ...names]: readonly Flat[], context: CallContext): Promise<readonly Flat[]> {
    if (names.length > MANY_KEYS)
      throw kvFailure("GET_BULK", 400, `You can request a maximum of ${MANY_KEYS} keys`);
    if (names.length < 1) throw kvFailure("GET_BULK", 400, "You must request a minimum of 1 key");
    const keys = names.map((name) => keyBytes("GET_BULK", textArg("getMany", name)));
    checkCacheTtl("GET_BULK", optionalNumber("getMany", cacheTtl));
    return await readMany(keys, this.#rooms, context, (key) =>
      asked("GET_BULK", this.#store.read(this.#ns, key)),
    );
  }

  async #put(
    [name, kind, value, expiration, ttl, metadata]: readonly Flat[],
    context: CallContext,
  ): Promise<readonly Flat[]> {
    // Taken first: a stream that came with a call which fails must be told so.
    const body = context.readBody(kind, value);
    try {
      const key = keyBytes("PUT", textArg("put", name));
      const expirationS = optionalNumber("put", expiration);
      const ttlS = optionalNumber("put", ttl);
      const expires = expiresMs(expirationS, ttlS, this.#now());
      const meta = metadataBytes(optionalText("put", metadata));
      const store = async (bytes: Bytes): Promise<readonly Flat[]> => {
        // A time to live begins when the value is there, and a body may take long.
        const at = ttlS === null ? expires : expiresMs(null, ttlS, this.#now());
        await asked(
          "PUT",
          this.#store.put(this.#ns, key, bytes, {
            ...(meta === null ? {} : { meta }),
            ...(at === null ? {} : { expires: at }),
          }),
        );
        return [];
      };
      if (!(body instanceof ReadableStream)) return await store(await readValue(body, context.signal));
      return await this.#rooms.upload(
        context.account,
        context.signal,
        async ({ signal, received }) => await store(await readValue(body, signal, received)),
      );
    } catch (error) {
      if (body instanceof ReadableStream && !body.locked) await body.cancel("the put failed").catch(() => {});
      throw error;
    }
  }

  async #delete([name]: readonly Flat[]): Promise<readonly Flat[]> {
    await asked("DELETE", this.#store.delete(this.#ns, keyBytes("DELETE", textArg("delete", name))));
    return [];
  }

  async #list(
    [prefixArg, limitArg, cursorArg]: readonly Flat[],
    context: CallContext,
  ): Promise<readonly Flat[]> {
    const limit = listLimit(optionalNumber("list", limitArg));
    const prefix = prefixBytes(optionalText("list", prefixArg) ?? "");
    const cursor = optionalText("list", cursorArg);
    const after = cursor === null || cursor === "" ? null : readCursor(this.#ns, prefix, cursor);
    return await listKeys(limit, this.#rooms, context, async () => {
      const options = { prefix, limit, ...(after === null ? {} : { after }) };
      const page = await asked("GET", this.#store.list(this.#ns, options));
      const last = page.keys.at(-1);
      const next = page.more && last !== undefined ? writeCursor(this.#ns, prefix, last.key) : null;
      return { page, cursor: next };
    });
  }
}

/** The store's answer; a failure of the store comes in the words of Workers KV. */
async function asked<T>(method: KvMethod, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw fromStore(method, error);
  }
}

function metadataBytes(json: string | null): Bytes | null {
  if (json === null) return null;
  const length = Buffer.byteLength(json, "utf8");
  if (length > METADATA_BYTES)
    throw kvFailure("PUT", 413, `Metadata length of ${length} exceeds limit of ${METADATA_BYTES}.`);
  try {
    JSON.parse(json);
  } catch {
    throw kvFailure("PUT", 400, "Metadata must be valid JSON.");
  }
  return encoder.encode(json);
}

function metadataText(meta: Bytes | null): string | null {
  return meta === null ? null : decoder.decode(meta);
}

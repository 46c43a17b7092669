import type { BodyKind, Flat } from "../contract/flat.ts";
import { Op } from "../contract/calls.ts";
import { nameConstructor } from "../globals/define.ts";
import { io } from "../io/io.ts";
import { arrayIsArray, arrayPush } from "../primordials/array.ts";
import { MapOf, mapSet } from "../primordials/collections.ts";
import { ErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { StringOf } from "../primordials/string.ts";
import { jsonParse, jsonStringify, mathTrunc, symbolToStringTag } from "../primordials/values.ts";
import { putBody } from "./kv-put-body.ts";
import { bulkTexts, decodeValue, type KvType } from "./kv-value.ts";

/** Keys of one bulk read. */
const MAX_BULK_KEYS = 100;

export interface KvGetOptions {
  type?: KvType;
  cacheTtl?: number;
}

export interface KvPutOptions {
  expiration?: number;
  expirationTtl?: number;
  metadata?: unknown;
}

export interface KvListOptions {
  prefix?: string | null;
  limit?: number | null;
  cursor?: string | null;
}

interface Entry {
  readonly value: unknown;
  readonly metadata: unknown;
}

let constructing = 0;

/** The worker's face of a KV namespace. Limits and expiry are the host's; see `contract/calls.ts`. */
export class KvNamespace {
  readonly #slot: number;

  constructor() {
    if (constructing === 0) throw new TypeErrorOf("Illegal constructor");
    this.#slot = constructing;
  }

  /** The value of a key, or null; of several keys: a Map. */
  async get(key: string | string[], options?: KvType | KvGetOptions): Promise<unknown> {
    const { type, cacheTtl } = getOptions(options);
    if (arrayIsArray(key)) return await this.#getMany(key, type, cacheTtl, (entry) => entry.value);
    return (await this.#get(key, type, cacheTtl)).value;
  }

  /** As `get`, with the metadata that the key was put with. */
  async getWithMetadata(key: string | string[], options?: KvType | KvGetOptions): Promise<unknown> {
    const { type, cacheTtl } = getOptions(options);
    if (arrayIsArray(key)) return await this.#getMany(key, type, cacheTtl, (entry) => entry);
    const { value, metadata } = await this.#get(key, type, cacheTtl);
    return { value, metadata, cacheStatus: null };
  }

  async put(key: string, value: unknown, options?: KvPutOptions): Promise<void> {
    const name = checkedKey(key);
    const { expiration, expirationTtl, metadata } = options ?? {};
    const metadataJson =
      metadata === undefined || metadata === null ? null : (jsonStringify(metadata) ?? null);
    const times = [wholeOrNull(expiration), wholeOrNull(expirationTtl)] as const;
    const body = putBody(value);
    await io.call(this.#slot, Op.kvPut, [name, body[0], body[1], times[0], times[1], metadataJson]).promise;
  }

  async delete(key: string): Promise<void> {
    await io.call(this.#slot, Op.kvDelete, [checkedKey(key)]).promise;
  }

  /** One page of keys, in their order. */
  async list(options?: KvListOptions): Promise<unknown> {
    const { prefix, limit, cursor } = options ?? {};
    const values = await io.call(this.#slot, Op.kvList, [
      textOrNull(prefix),
      wholeOrNull(limit),
      textOrNull(cursor),
    ]).promise;
    const page = (await decodeValue(values[0] as BodyKind, values[1] as Flat, "json")) as {
      cacheStatus: null;
    };
    page.cacheStatus = null;
    return page;
  }

  get [symbolToStringTag](): string {
    return "KvNamespace";
  }

  async #get(key: string, type: KvType, cacheTtl: number | null): Promise<Entry> {
    const reply = await callFor(this.#slot, Op.kvGet, [checkedKey(key), cacheTtl]);
    if (reply[0] !== true) return { value: null, metadata: null };
    return {
      value: await decodeValue(reply[1] as BodyKind, reply[2] as Flat, type),
      metadata: parsed(reply[3]),
    };
  }

  async #getMany(
    keys: unknown[],
    type: KvType,
    cacheTtl: number | null,
    pick: (entry: Entry) => unknown,
  ): Promise<Map<string, unknown>> {
    if (type !== "text" && type !== "json")
      throw new ErrorOf(`KV GET_BULK failed: 400 "${type}" is not a valid type. Use "json" or "text"`);
    if (keys.length === 0) throw new ErrorOf("KV GET_BULK failed: 400 You must request a minimum of 1 key");
    if (keys.length > MAX_BULK_KEYS)
      throw new ErrorOf(`KV GET_BULK failed: 400 You can request a maximum of ${MAX_BULK_KEYS} keys`);
    const args: Flat[] = [cacheTtl];
    for (let i = 0; i < keys.length; i++) arrayPush(args, checkedKey(keys[i]));
    const values = await callFor(this.#slot, Op.kvGetMany, args);
    const texts = await bulkTexts(values);
    const found: Map<string, unknown> = new MapOf();
    for (let i = 1; i < args.length; i++) {
      const at = (i - 1) * 3 + 2;
      if (values[at] !== true) {
        mapSet(found, args[i] as string, null);
        continue;
      }
      const text = texts(values[at + 1]);
      const value = type === "json" ? bulkJson(text) : text;
      mapSet(found, args[i] as string, pick({ value, metadata: parsed(values[at + 2]) }));
    }
    return found;
  }
}
nameConstructor(KvNamespace, "KvNamespace");

/** The face of the namespace behind a slot. */
export function kvNamespace(slot: number): KvNamespace {
  constructing = slot;
  try {
    return new KvNamespace();
  } finally {
    constructing = 0;
  }
}

function callFor(slot: number, op: string, args: readonly Flat[]): Promise<readonly Flat[]> {
  return io.call(slot, op, args).promise;
}

function getOptions(options: KvType | KvGetOptions | undefined): { type: KvType; cacheTtl: number | null } {
  const given = typeof options === "string" ? { type: options } : (options ?? {});
  const type = given.type ?? "text";
  if (type !== "text" && type !== "json" && type !== "arrayBuffer" && type !== "stream") {
    throw new TypeErrorOf(
      'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".',
    );
  }
  return { type, cacheTtl: wholeOrNull(given.cacheTtl) };
}

function checkedKey(key: unknown): string {
  const name = StringOf(key);
  if (name === "") throw new TypeErrorOf("Key name cannot be empty.");
  if (name === "." || name === "..") throw new TypeErrorOf(`"${name}" is not allowed as a key name.`);
  return name;
}

/** A number option as the host takes it: whole, or null where it was not given. */
function wholeOrNull(value: unknown): number | null {
  return value === undefined || value === null ? null : mathTrunc(+(value as number)) || 0;
}

function textOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : StringOf(value);
}

function parsed(json: Flat | undefined): unknown {
  return typeof json === "string" ? jsonParse(json) : null;
}

function bulkJson(text: string): unknown {
  try {
    return jsonParse(text);
  } catch {
    throw new ErrorOf(
      "KV GET_BULK failed: 400 At least one of the requested keys corresponds to a non-JSON value",
    );
  }
}

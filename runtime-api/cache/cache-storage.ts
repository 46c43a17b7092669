import { RUNTIME_SLOT } from "../contract/boot.ts";
import { CACHE_ANY_NAMED, Op } from "../contract/calls.ts";
import type { Flat } from "../contract/flat.ts";
import type { Request } from "../fetch/request.ts";
import type { Response } from "../fetch/response.ts";
import { io } from "../io/io.ts";
import { arrayPush } from "../primordials/array.ts";
import { setAdd, setDelete, setForEach, setHas, SetOf, setSize } from "../primordials/collections.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { type Cache, makeCache } from "./cache.ts";
import {
  type CacheQueryOptions,
  hitOf,
  keyOf,
  NO_OPTIONS,
  readQuery,
  requireArguments,
  requireRoom,
} from "./cache-query.ts";

/** What `caches.match` may be asked beside. */
export interface MultiCacheQueryOptions extends CacheQueryOptions {
  /** Asks this cache only. */
  cacheName?: string;
}

/** As on Cloudflare, so that a name takes little room in every call. */
const MAX_NAME_CHARS = 1024;
/** Names that are remembered though nothing is in their caches. */
const MAX_OPENED = 1_000;

let constructing = false;

/**
 * `caches`: the caches of the account. One is there while it holds something, and, in the isolate that opened it, as
 * soon as it is opened: nobody is asked for that, so opening one costs nothing.
 */
export class CacheStorage {
  readonly #default: Cache;
  readonly #opened = new SetOf<string>();

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
    this.#default = makeCache(null);
  }

  /** The cache that has no name. It is in no list. */
  get default(): Cache {
    return this.#default;
  }

  /** The cache of this name. Rejects with a TypeError for names of 1024 characters and more. */
  async open(name: string): Promise<Cache> {
    const opened = this.#opened;
    requireArguments("open", arguments.length, 1);
    const text = nameOf(name);
    if (setSize(opened) < MAX_OPENED) setAdd(opened, text);
    return makeCache(text);
  }

  /** Removes all that a cache holds; gives whether there was such a cache. */
  async delete(name: string): Promise<boolean> {
    const opened = this.#opened;
    requireArguments("delete", arguments.length, 1);
    const text = nameOf(name);
    const reply = await io.call(RUNTIME_SLOT, Op.cacheDrop, [text]).promise;
    return setDelete(opened, text) || reply[0] === true;
  }

  /** Whether there is a cache of this name. */
  async has(name: string): Promise<boolean> {
    const opened = this.#opened;
    requireArguments("has", arguments.length, 1);
    const text = nameOf(name);
    if (setHas(opened, text)) return true;
    const reply = await io.call(RUNTIME_SLOT, Op.cacheHas, [text]).promise;
    return reply[0] === true;
  }

  /** The names of the caches: first those that this isolate opened, in that order, then the others by name. */
  async keys(): Promise<string[]> {
    const opened = this.#opened;
    const names: string[] = [];
    setForEach(opened, (name) => arrayPush(names, name));
    let last: string | null = null;
    let more = true;
    while (more) {
      const reply: readonly Flat[] = await io.call(RUNTIME_SLOT, Op.cacheNames, [last]).promise;
      for (let i = 1; i < reply.length; i++) {
        last = reply[i] as string;
        if (!setHas(opened, last)) arrayPush(names, last);
      }
      requireRoom(names.length);
      more = reply[0] === true;
    }
    return names;
  }

  /** The newest response that answers the request, of all caches with a name, or of one. */
  async match(
    request: Request | string | URL,
    options: MultiCacheQueryOptions = NO_OPTIONS,
  ): Promise<Response | undefined> {
    void this.#opened;
    requireArguments("match", arguments.length, 1);
    const { method, url, headers } = keyOf(request);
    const { ignoreMethod, latitude } = readQuery(options);
    const name = options?.cacheName;
    const text = name === undefined ? null : nameOf(name);
    if (!ignoreMethod && method !== "GET") return undefined;
    const where = latitude + (text === null ? CACHE_ANY_NAMED : 0);
    return hitOf(await io.call(RUNTIME_SLOT, Op.cacheMatch, [text, url, headers, where]).promise);
  }
}

/** Converts a cache's name. Throws a TypeError if it is too long. */
function nameOf(name: unknown): string {
  const text = `${name as string}`;
  if (text.length >= MAX_NAME_CHARS) throw new TypeErrorOf("Cache name is too long.");
  return text;
}

constructing = true;
/** The only instance. */
export const caches: CacheStorage = new CacheStorage();
constructing = false;

import { TypeErrorOf } from "../primordials/errors.ts";
import { type Cache, makeCache, notImplemented, requireArguments } from "./cache.ts";

/** As on Cloudflare, so that a name takes little room in every call. */
const MAX_NAME_CHARS = 1024;

let constructing = false;

/** `caches`: the caches of the account. They are there as soon as they are named, and cannot be listed. */
export class CacheStorage {
  readonly #default: Cache;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
    this.#default = makeCache(null);
  }

  /** The cache that has no name. */
  get default(): Cache {
    return this.#default;
  }

  /** The cache of this name. Rejects with a TypeError for names of 1024 characters and more. */
  async open(name: string): Promise<Cache> {
    void this.#default;
    requireArguments("open", arguments.length, 1);
    const text = `${name}`;
    if (text.length >= MAX_NAME_CHARS) throw new TypeErrorOf("Cache name is too long.");
    return makeCache(text);
  }

  /** Not there, as on Cloudflare. */
  async delete(_name: unknown): Promise<never> {
    void this.#default;
    throw notImplemented("delete", "CacheStorage");
  }

  /** Not there, as on Cloudflare. */
  async has(_name: unknown): Promise<never> {
    void this.#default;
    throw notImplemented("has", "CacheStorage");
  }

  /** Not there, as on Cloudflare. */
  async keys(): Promise<never> {
    void this.#default;
    throw notImplemented("keys", "CacheStorage");
  }

  /** Not there, as on Cloudflare: ask the cache itself. */
  async match(_request: unknown): Promise<never> {
    void this.#default;
    throw notImplemented("match", "CacheStorage");
  }
}

constructing = true;
/** The only instance. */
export const caches: CacheStorage = new CacheStorage();
constructing = false;

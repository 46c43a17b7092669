import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";
import { HEADER_CHARS } from "../../runtime-api/contract/bounds.ts";
import type {
  CacheHead,
  CacheKey,
  CacheLatitude,
  CachePage,
  CacheReading,
  CacheSource,
  CacheStore,
} from "../storage/cache-store.ts";
import { piecesOf } from "./body-pieces.ts";
import { CacheError } from "./cache-error.ts";
import { cacheColumn, cacheNameOf, keyOf, MAX_URL_CHARS } from "./cache-key.ts";
import type { CacheOptions } from "./cache-options.ts";
import { headerOf, type HeaderList, readHeaders, writeHeaders } from "./flat-headers.ts";
import { ERROR_KEEPING, keepingOf } from "./freshness.ts";
import { asPut, type Hit, hitOf } from "./hit.ts";

/** What a response is stored under. Nothing about it is believed but the account. */
export interface CacheRequest {
  readonly account: string;
  /** Name that the worker gave to `caches.open`; null: `caches.default`. */
  readonly cacheName: string | null;
  readonly url: string;
  readonly headers: FlatHeaders;
}

/** A response to store. */
export interface CacheResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: FlatHeaders;
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** What it says of where it came from, for a cache with a name. @default null */
  readonly source?: CacheSource | null;
}

/** What became of a put: kept, not to be kept by its own headers, or larger than one response may be. */
export type PutOutcome = "stored" | "ignored" | "tooLarge";

/** A hit with the stored response, whose body has to be streamed or released. */
export interface CacheHit extends Hit {
  readonly stored: CacheReading;
}

interface CacheParts {
  readonly store: CacheStore;
  readonly now: () => number;
  readonly bounds: (account: string) => Required<CacheOptions>;
}

const MAX_VARY_CHARS = 16 * 1024;
const STATUS_TEXT = /^[\t\x20-\x7e\x80-\xff]{0,4096}$/;

/**
 * The caches of all accounts: what may be kept, for how long, and what answers which request. Those with a name give
 * back what was put as it was put, Service Workers §5.4; the one without is Cloudflare's.
 */
export class ResponseCache {
  readonly #parts: CacheParts;

  constructor(parts: CacheParts) {
    this.#parts = parts;
  }

  /** The stored response that answers the request, if it is there and fresh. @throws {CacheError} */
  async match(request: CacheRequest, latitude: CacheLatitude = {}): Promise<CacheHit | null> {
    const headers = checkedHeaders(request.headers);
    const nowMs = this.#parts.now();
    const stored = await found(this.#parts.store.find(keyOf(request), request.headers, nowMs, latitude));
    if (stored === null) return null;
    const hit =
      request.cacheName !== null || latitude.anyNamed === true
        ? asPut(stored)
        : hitOf(headers, stored, nowMs);
    return { ...hit, stored };
  }

  /** The whole stored response that a list named, if it is still there and fresh. @throws {CacheError} */
  async read(where: Omit<CacheRequest, "headers">, id: number): Promise<CacheHit | null> {
    const nowMs = this.#parts.now();
    const stored = await found(this.#parts.store.read(keyOf(where), id, nowMs));
    if (stored === null) return null;
    return { ...(where.cacheName === null ? hitOf([], stored, nowMs) : asPut(stored)), stored };
  }

  /**
   * A part of what a cache holds and is fresh: all of it where `url` is null, else what answers the request.
   * @throws {CacheError}
   */
  async list(
    { account, cacheName, url, headers }: Omit<CacheRequest, "url"> & { readonly url: string | null },
    { ignoreSearch = false, ignoreVary = false }: CacheLatitude,
    afterId: number,
  ): Promise<CachePage> {
    checkedHeaders(headers);
    const selection =
      url === null
        ? { account, cache: cacheColumn(cacheName), key: null, ignoreSearch }
        : { ...keyOf({ account, cacheName, url }), ignoreSearch };
    const wanted = url === null || ignoreVary ? null : headers;
    return await found(this.#parts.store.list(selection, wanted, afterId, this.#parts.now()));
  }

  /** A part of the names of the account's caches that hold something. @throws {CacheError} */
  async names(account: string, after: string | null): Promise<{ names: string[]; more: boolean }> {
    const { names, more } = await found(this.#parts.store.names(account, cacheColumn(after)));
    return { names: names.map(cacheNameOf), more };
  }

  /** Whether a cache of this name holds something, which may have expired a moment ago. @throws {CacheError} */
  async has(account: string, cacheName: string): Promise<boolean> {
    const selection = { account, cache: cacheColumn(cacheName), key: null };
    const { entries, next } = await found(this.#parts.store.list(selection, null, 0, this.#parts.now()));
    return entries.length > 0 || next !== 0;
  }

  /** Removes all that a cache holds. @returns Whether there was something. @throws {CacheError} */
  async drop(account: string, cacheName: string): Promise<boolean> {
    const selection = { account, cache: cacheColumn(cacheName), key: null };
    return await found(this.#parts.store.delete(selection, null, this.#parts.now()));
  }

  /**
   * Stores a response where its headers allow that. Its body is read to its end, or cancelled.
   * @param signal Ends it when nobody waits for it any more.
   * @throws {CacheError} for what the worker shall see; what a body that breaks off failed with.
   */
  async put(request: CacheRequest, response: CacheResponse, signal: AbortSignal): Promise<PutOutcome> {
    try {
      return await this.#put(request, response, signal);
    } finally {
      const { body } = response;
      if (body instanceof ReadableStream && !body.locked)
        body.cancel("the response is not stored").catch(() => {});
    }
  }

  /**
   * Removes the stored responses that answer the request; of the cache without a name with all variants.
   * @returns Whether there was one.
   * @throws {CacheError}
   */
  async delete(
    request: CacheRequest,
    { ignoreSearch = false, ignoreVary = false }: CacheLatitude = {},
  ): Promise<boolean> {
    checkedHeaders(request.headers);
    const selection = { ...keyOf(request), ignoreSearch };
    const wanted = request.cacheName === null || ignoreVary ? null : request.headers;
    return await found(this.#parts.store.delete(selection, wanted, this.#parts.now()));
  }

  async #put(request: CacheRequest, response: CacheResponse, signal: AbortSignal): Promise<PutOutcome> {
    const { url, ...key } = keyOf(request);
    const requestHeaders = checkedHeaders(request.headers);
    const headers = checkedHeaders(response.headers);
    const { status, statusText, source = null } = response;
    const isError = source?.type === "error";
    const isStatus = isError ? status === 0 : Number.isInteger(status) && status >= 200 && status <= 599;
    if (!isStatus || !STATUS_TEXT.test(statusText) || !maySay(source, request, response))
      throw new CacheError("TypeError", "Cache: malformed call");
    if (status === 206 || status === 304 || varyByAll(headers)) return "ignored";
    const nowMs = this.#parts.now();
    const keeping = isError
      ? ERROR_KEEPING
      : keepingOf(requestHeaders, status, headers, nowMs, request.cacheName !== null);
    if (keeping === null) return "ignored";
    const head: CacheHead = {
      status,
      statusText,
      headers: writeHeaders(keeping.headers),
      url,
      vary: keeping.vary,
      source,
      storedMs: nowMs,
      expiresMs: nowMs + keeping.freshMs,
      ageS: keeping.ageS,
    };
    if (JSON.stringify(head.vary).length > MAX_VARY_CHARS)
      throw new CacheError("Error", "Cannot cache response: the headers that it varies by are too long.");
    return await this.#store(key, head, response.body, request.account, signal);
  }

  async #store(
    key: CacheKey,
    head: CacheHead,
    body: CacheResponse["body"],
    account: string,
    signal: AbortSignal,
  ): Promise<PutOutcome> {
    const bounds = this.#parts.bounds(account);
    const maxBytes = Math.min(bounds.objectBytes, bounds.accountBytes, bounds.totalBytes);
    const writing = this.#parts.store.write(account, bounds);
    let whole = false;
    try {
      let sizeBytes = 0;
      for await (const bytes of piecesOf(body, signal)) {
        sizeBytes += bytes.length;
        if (sizeBytes > maxBytes) return "tooLarge";
        await found(writing.write(bytes));
      }
      signal.throwIfAborted();
      await found(writing.commit(key, head, body !== null));
      whole = true;
      return "stored";
    } finally {
      if (!whole) await writing.abort().catch(() => {});
    }
  }
}

/** Whether a response may say of itself where it came from; an error response has nothing else. */
function maySay(source: CacheSource | null, { cacheName }: CacheRequest, response: CacheResponse): boolean {
  if (source === null) return true;
  if (cacheName === null || source.url.length > MAX_URL_CHARS) return false;
  return source.type !== "error" || (response.headers === "" && response.body === null);
}

function checkedHeaders(flat: FlatHeaders): HeaderList {
  if (flat.length > HEADER_CHARS)
    throw new CacheError("TypeError", `Cache: headers have more than ${HEADER_CHARS} characters.`);
  const list = readHeaders(flat);
  if (list === null) throw new CacheError("TypeError", "Cache: malformed headers");
  return list;
}

function varyByAll(headers: HeaderList): boolean {
  return (headerOf(headers, "vary") ?? "").includes("*");
}

/** The store's answer; its failures come in words for the worker, which name no path. */
async function found<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    const code = (cause as { code?: string }).code;
    if (code === "CACHE_FULL")
      throw new CacheError(
        "Error",
        "Unable to store response: the account has too much of its cache under way at once.",
        { cause },
      );
    if (code === "STORAGE_UNAVAILABLE" || code === "STORAGE_CLOSED" || code === "DISK_LOW")
      throw new CacheError("Error", "The cache is unavailable.", { cause });
    throw cause;
  }
}

import { abortInternals } from "../abort/abort-signal.ts";
import { RUNTIME_SLOT } from "../contract/boot.ts";
import { Op } from "../contract/calls.ts";
import type { Flat } from "../contract/flat.ts";
import { isUnusable, sendBody } from "../fetch/body.ts";
import { flattenBody } from "../fetch/fetch.ts";
import { headersFromFlat, headersValue } from "../fetch/headers.ts";
import type { Request } from "../fetch/request.ts";
import { type Response, responseInsides } from "../fetch/response.ts";
import { io } from "../io/io.ts";
import { arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { stringIncludes } from "../primordials/string.ts";
import { toSequence } from "../webidl/convert.ts";
import { addAll } from "./cache-add.ts";
import { listOf, requestsOf, responsesOf } from "./cache-list.ts";
import {
  type CacheQueryOptions,
  hitOf,
  keyOf,
  NO_OPTIONS,
  readQuery,
  requireArguments,
  withLatitude,
} from "./cache-query.ts";

/** A longer URL of a response is not kept with it: it is one of `data:`. */
const MAX_FINAL_URL_CHARS = 16 * 1024;

/** Asks the constructor for a cache: nobody else may. */
let making: { readonly name: string | null } | undefined;

/**
 * A cache of the account's, kept by the host: as the Service Workers standard has it, §5.4, but that the default one is
 * Cloudflare's. Whether and how long a response is kept is said by its headers; see `docs/cache.md`.
 */
export class Cache {
  /** Name that `open` was given; null for `caches.default`. */
  readonly #name: string | null;

  constructor() {
    if (making === undefined) throw new TypeErrorOf("Illegal constructor");
    this.#name = making.name;
  }

  /** The stored response that answers the request, if there is one; undefined for methods other than GET. */
  async match(
    request: Request | string | URL,
    options: CacheQueryOptions = NO_OPTIONS,
  ): Promise<Response | undefined> {
    requireArguments("match", arguments.length, 1);
    const name = this.#name;
    const { method, url, headers } = keyOf(request);
    const { ignoreMethod, latitude } = readQuery(options);
    if (!ignoreMethod && method !== "GET") return undefined;
    const args = withLatitude([name, url, headers], latitude);
    return hitOf(await io.call(RUNTIME_SLOT, Op.cacheMatch, args).promise);
  }

  /**
   * Stores a response, if its headers allow that. Rejects with a TypeError for methods other than GET, for partial
   * responses, for `Vary: *`, where the body was used, and, in the default cache, for error responses.
   */
  async put(request: Request | string | URL, response: Response): Promise<void> {
    requireArguments("put", arguments.length, 2);
    await this.#put(request, response);
  }

  async #put(request: unknown, response: unknown): Promise<void> {
    const name = this.#name;
    const { method, url, headers, signal, whole } = keyOf(request);
    const insides = responseInsides(response);
    if (insides === undefined)
      throw new TypeErrorOf("Failed to execute 'put' on 'Cache': parameter 2 is not of type 'Response'.");
    const { status, statusText, headers: flat, body, type, isCoded } = insides;
    if (type === "error" && name === null)
      throw new TypeErrorOf("Cache is unable to store an error response");
    if (method !== "GET") throw new TypeErrorOf("Cannot cache response to non-GET request.");
    if (status === 206)
      throw new TypeErrorOf("Cannot cache response to a range request (206 Partial Content).");
    if (status < 200 && type !== "error") throw new TypeErrorOf("Cannot cache WebSocket upgrade response.");
    const listed = headersFromFlat(flat, "none");
    if (isCoded && body !== null && headersValue(listed, "content-encoding") !== "")
      throw new TypeErrorOf(
        "Cannot cache a response made with encodeBody: 'manual' and a Content-Encoding. Put the plain body: it is encoded as it goes out.",
      );
    if (stringIncludes(headersValue(listed, "vary"), "*"))
      throw new TypeErrorOf("Cannot cache response with 'Vary: *' header.");
    if (body !== null && isUnusable(body))
      throw new TypeErrorOf(
        "Body has already been used. It can only be used once. Use tee() first if you need to read it twice.",
      );
    if (status === 304) {
      warn(
        "Ignoring attempt to Cache.put() a 304 status response. 304 responses are not meaningful to cache, and a potential source of bugs. Consider validating that the response status is meaningful to cache before calling Cache.put().",
      );
      return;
    }
    io.requireEvent();
    const sent = flattenBody(sendBody(body));
    const args = [name, name === null ? url : whole, headers, status, statusText, flat, sent[0], sent[1]];
    if (name !== null && type !== "default") {
      const finalUrl = insides.url;
      arrayPush(args, type, finalUrl.length > MAX_FINAL_URL_CHARS ? "" : finalUrl, insides.redirected);
    }
    const call = io.call(RUNTIME_SLOT, Op.cachePut, args);
    // The body of an origin's response may be on its way without the isolate: what ends its fetch ends this too.
    const letGo =
      signal === undefined || signal.aborted
        ? undefined
        : abortInternals.onAbort(signal, () => call.cancel(signal.reason));
    let reply: readonly Flat[];
    try {
      reply = await call.promise;
    } finally {
      letGo?.();
    }
    if (reply[0] === "tooLarge") warn(`Cache.put() ignored a response that is too large to be kept: ${url}`);
  }

  /**
   * Removes the stored responses that answer the request, in the default cache with all variants; gives whether there
   * was one. False for methods other than GET.
   */
  async delete(request: Request | string | URL, options: CacheQueryOptions = NO_OPTIONS): Promise<boolean> {
    requireArguments("delete", arguments.length, 1);
    const name = this.#name;
    const { method, url, headers } = keyOf(request);
    const { ignoreMethod, latitude } = readQuery(options);
    if (!ignoreMethod && method !== "GET") return false;
    const args = withLatitude([name, url, headers], latitude);
    const reply = await io.call(RUNTIME_SLOT, Op.cacheDelete, args).promise;
    return reply[0] === true;
  }

  /** Fetches a request and puts the response, which must be ok. */
  async add(request: Request | string | URL): Promise<void> {
    void this.#name;
    requireArguments("add", arguments.length, 1);
    await addAll([request], (asked, response) => this.#put(asked, response));
  }

  /** Fetches requests and puts the responses. Nothing is put before all are there and ok. */
  async addAll(requests: Iterable<Request | string | URL>): Promise<void> {
    void this.#name;
    requireArguments("addAll", arguments.length, 1);
    const inputs = toSequence(requests, "The list of requests");
    await addAll(inputs, (asked, response) => this.#put(asked, response));
  }

  /** All responses that answer the request, or all that there are, in the order in which they were stored. */
  async matchAll(
    request?: Request | string | URL,
    options: CacheQueryOptions = NO_OPTIONS,
  ): Promise<readonly Response[]> {
    const name = this.#name;
    return await responsesOf(name, await listOf(name, request, readQuery(options)));
  }

  /** The requests whose responses answer the request, or all that there are, in the order of storing. */
  async keys(
    request?: Request | string | URL,
    options: CacheQueryOptions = NO_OPTIONS,
  ): Promise<readonly Request[]> {
    return requestsOf(await listOf(this.#name, request, readQuery(options)));
  }
}

/** Makes the cache of a name; null is the default one. */
export function makeCache(name: string | null): Cache {
  making = { name };
  try {
    return new Cache();
  } finally {
    making = undefined;
  }
}

function warn(text: string): void {
  io.log("warn", text);
}

import { RUNTIME_SLOT } from "../contract/boot.ts";
import { Op } from "../contract/calls.ts";
import { isUnusable, sendBody } from "../fetch/body.ts";
import { flattenBody, replyBody } from "../fetch/fetch.ts";
import { headersFromFlat, headersValue } from "../fetch/headers.ts";
import { type RequestInsides, Request, requestInsides } from "../fetch/request.ts";
import { type Response, responseInsides, responseOf } from "../fetch/response.ts";
import { io } from "../io/io.ts";
import { ErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { stringIncludes, stringIndexOf, stringSlice, stringStartsWith } from "../primordials/string.ts";

/** What a match or delete may ask for. */
export interface CacheQueryOptions {
  /** Takes a request of any method for a GET. @default false */
  ignoreMethod?: boolean;
}

const NOT_A_KEY = "Invalid URL. Cache API keys must be fully-qualified, valid URLs.";

/** A default, so that the method's length is that of the standard. */
const NO_OPTIONS: CacheQueryOptions = { __proto__: null } as CacheQueryOptions;

/** Asks the constructor for a cache: nobody else may. */
let making: { readonly name: string | null } | undefined;

/**
 * A cache of the account's, kept by the host: the Service Workers standard's interface, as far as Cloudflare has it
 * and with what it does otherwise. Whether and how long a response is kept is said by its headers; see `docs/cache.md`.
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
    if (!ignoresMethod(options) && method !== "GET") return undefined;
    const reply = await io.call(RUNTIME_SLOT, Op.cacheMatch, [name, url, headers]).promise;
    if (reply[0] !== true) return undefined;
    return responseOf({
      status: reply[1] as number,
      statusText: reply[2] as string,
      headers: reply[3] as string,
      guard: "immutable",
      body: replyBody(reply[4], reply[5], undefined),
      url: "",
      redirected: false,
      type: "default",
    });
  }

  /**
   * Stores a response, if its headers allow that. Rejects with a TypeError for methods other than GET, for partial
   * responses, for `Vary: *`, and where the body was used.
   */
  async put(request: Request | string | URL, response: Response): Promise<void> {
    requireArguments("put", arguments.length, 2);
    const name = this.#name;
    const { method, url, headers } = keyOf(request);
    const insides = responseInsides(response);
    if (insides === undefined)
      throw new TypeErrorOf("Failed to execute 'put' on 'Cache': parameter 2 is not of type 'Response'.");
    const { status, statusText, headers: flat, body } = insides;
    if (status === 0) throw new TypeErrorOf("Cache is unable to store an error response");
    if (method !== "GET") throw new TypeErrorOf("Cannot cache response to non-GET request.");
    if (status === 206)
      throw new TypeErrorOf("Cannot cache response to a range request (206 Partial Content).");
    if (status < 200) throw new TypeErrorOf("Cannot cache WebSocket upgrade response.");
    if (stringIncludes(headersValue(headersFromFlat(flat, "none"), "vary"), "*"))
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
    const args = [name, url, headers, status, statusText, flat, sent[0], sent[1]];
    const reply = await io.call(RUNTIME_SLOT, Op.cachePut, args).promise;
    if (reply[0] === "tooLarge") warn(`Cache.put() ignored a response that is too large to be kept: ${url}`);
  }

  /** Removes a stored response with all its variants; gives whether there was one. False for methods other than GET. */
  async delete(request: Request | string | URL, options: CacheQueryOptions = NO_OPTIONS): Promise<boolean> {
    requireArguments("delete", arguments.length, 1);
    const name = this.#name;
    const { method, url, headers } = keyOf(request);
    if (!ignoresMethod(options) && method !== "GET") return false;
    const reply = await io.call(RUNTIME_SLOT, Op.cacheDelete, [name, url, headers]).promise;
    return reply[0] === true;
  }

  /** Not there, as on Cloudflare: a put of what `fetch` gave does the same. */
  async add(_request: unknown): Promise<never> {
    void this.#name;
    throw notImplemented("add", "Cache");
  }

  /** Not there, as on Cloudflare. */
  async addAll(_requests: unknown): Promise<never> {
    void this.#name;
    throw notImplemented("addAll", "Cache");
  }

  /** Not there, as on Cloudflare: stored responses cannot be listed. */
  async matchAll(): Promise<never> {
    void this.#name;
    throw notImplemented("matchAll", "Cache");
  }

  /** Not there, as on Cloudflare: stored responses cannot be listed. */
  async keys(): Promise<never> {
    void this.#name;
    throw notImplemented("keys", "Cache");
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

/** What a method throws that Cloudflare leaves out too, in its words. */
export function notImplemented(method: string, type: string): Error {
  return new ErrorOf(`Failed to execute '${method}' on '${type}': the method is not implemented.`);
}

/** Throws where a method was called with too few arguments. */
export function requireArguments(method: string, given: number, wanted: number): void {
  if (given < wanted)
    throw new TypeErrorOf(
      `Failed to execute '${method}': ${wanted} argument${wanted === 1 ? "" : "s"} required, ${given} given`,
    );
}

/** The request that a cache is asked for. A request's body is left alone, and its fragment means nothing. */
function keyOf(input: unknown): Pick<RequestInsides, "method" | "url" | "headers"> {
  const given = requestInsides(input) ?? requestInsides(new Request(input as string));
  const { method, url: whole, headers } = given as RequestInsides;
  const hash = stringIndexOf(whole, "#");
  const url = hash < 0 ? whole : stringSlice(whole, 0, hash);
  if (!stringStartsWith(url, "http:") && !stringStartsWith(url, "https:")) throw new TypeErrorOf(NOT_A_KEY);
  return { method, url, headers };
}

function ignoresMethod(options: unknown): boolean {
  if (options === undefined || options === null) return false;
  if (typeof options !== "object" && typeof options !== "function")
    throw new TypeErrorOf("The options of a cache's query must be an object.");
  return !!(options as CacheQueryOptions).ignoreMethod;
}

function warn(text: string): void {
  io.log("warn", text);
}

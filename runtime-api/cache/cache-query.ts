import { CACHE_IGNORES_SEARCH, CACHE_IGNORES_VARY } from "../contract/calls.ts";
import type { Flat } from "../contract/flat.ts";
import { replyBody } from "../fetch/fetch.ts";
import { type RequestInsides, Request, requestInsides } from "../fetch/request.ts";
import { type Response, type ResponseType, responseOf } from "../fetch/response.ts";
import { ErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { stringIndexOf, stringSlice, stringStartsWith } from "../primordials/string.ts";
import { dictionary } from "../webidl/arguments.ts";

/** What a question to a cache may take no notice of. */
export interface CacheQueryOptions {
  /** Takes a request of any method for a GET. @default false */
  ignoreMethod?: boolean;
  /** Takes URLs that differ in their query for one. @default false */
  ignoreSearch?: boolean;
  /** Takes no notice of `Vary`. @default false */
  ignoreVary?: boolean;
}

/** The same, after Web IDL's conversions. */
export interface CacheQuery {
  readonly ignoreMethod: boolean;
  /** As it travels, see `contract/calls.ts`. */
  readonly latitude: number;
}

/** A default, so that the methods' lengths are those of the standard. */
export const NO_OPTIONS: CacheQueryOptions = { __proto__: null } as CacheQueryOptions;

/** Responses, or names, that one list has room for. */
const MAX_LISTED = 10_000;
const NOT_A_KEY = "Invalid URL. Cache API keys must be fully-qualified, valid URLs.";

/** Reads the options of a question. Throws a TypeError where they are no object. */
export function readQuery(options: CacheQueryOptions | null | undefined): CacheQuery {
  const given = dictionary(options, "The options of a cache's query");
  const ignoreMethod = Boolean(given.ignoreMethod);
  const search = given.ignoreSearch ? CACHE_IGNORES_SEARCH : 0;
  return { ignoreMethod, latitude: search + (given.ignoreVary ? CACHE_IGNORES_VARY : 0) };
}

/** The arguments of a call with those that only few questions have. */
export function withLatitude(args: Flat[], latitude: number): Flat[] {
  return latitude === 0 ? args : [args[0]!, args[1]!, args[2]!, latitude];
}

/** A request as a cache sees it. */
export interface CacheKey extends Pick<RequestInsides, "method" | "url" | "headers" | "signal"> {
  /** The URL with its fragment, which means nothing to a question. */
  readonly whole: string;
}

/** The request that a cache is asked for, whose body is left alone. */
export function keyOf(input: unknown): CacheKey {
  const given = requestInsides(input) ?? requestInsides(new Request(input as string));
  const { method, url: whole, headers, signal } = given as RequestInsides;
  const hash = stringIndexOf(whole, "#");
  const url = hash < 0 ? whole : stringSlice(whole, 0, hash);
  if (!stringStartsWith(url, "http:") && !stringStartsWith(url, "https:")) throw new TypeErrorOf(NOT_A_KEY);
  return { method, url, headers, signal, whole };
}

/** The response of a reply to `cacheMatch` or `cacheRead`; undefined for none. */
export function hitOf(reply: readonly Flat[]): Response | undefined {
  if (reply[0] !== true) return undefined;
  return responseOf({
    status: reply[1] as number,
    statusText: reply[2] as string,
    headers: reply[3] as string,
    guard: "immutable",
    body: replyBody(reply[4], reply[5], undefined),
    url: (reply[7] ?? "") as string,
    redirected: reply[8] === true,
    type: (reply[6] ?? "default") as ResponseType,
  });
}

/** Throws where a list is longer than one that a worker gets. */
export function requireRoom(length: number): void {
  if (length > MAX_LISTED)
    throw new ErrorOf(`The list has more than ${MAX_LISTED} items, which is more than can be given at once.`);
}

/** Throws where a method was called with too few arguments. */
export function requireArguments(method: string, given: number, wanted: number): void {
  if (given < wanted)
    throw new TypeErrorOf(
      `Failed to execute '${method}': ${wanted} argument${wanted === 1 ? "" : "s"} required, ${given} given`,
    );
}

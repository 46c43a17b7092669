import {
  stringEndsWith,
  stringLastIndexOf,
  stringSlice,
  stringStartsWith,
  stringToWellFormed,
} from "../primordials/string.ts";
import { urlParts } from "../url/url.ts";
import {
  canonicalDomain,
  canonicalHash,
  canonicalHostname,
  canonicalOpaquePathname,
  canonicalPassword,
  canonicalPathname,
  canonicalPort,
  canonicalProtocol,
  canonicalSearch,
  canonicalUsername,
  isSpecialScheme,
} from "./canonicalize.ts";
import { escapePattern } from "./part.ts";

/** The components of a URL that have a pattern, in the order in which a URL has them. */
export const COMPONENTS = [
  "protocol",
  "username",
  "password",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** A pattern or a URL by its parts; what is missing is undefined. */
export type PatternInit = { [name in ComponentName | "baseURL"]?: string | undefined };

/** In the order in which Web IDL reads them. */
const MEMBERS = [
  "baseURL",
  "hash",
  "hostname",
  "password",
  "pathname",
  "port",
  "protocol",
  "search",
  "username",
] as const;

/** Reads an object's members as Web IDL reads a dictionary; only those that are there are in the result. */
export function readPatternInit(value: object): PatternInit {
  const init: PatternInit = {};
  for (let i = 0; i < MEMBERS.length; i++) {
    const name = MEMBERS[i] as (typeof MEMBERS)[number];
    const member: unknown = (value as Record<string, unknown>)[name];
    if (member !== undefined) init[name] = stringToWellFormed(`${member as string}`);
  }
  return init;
}

function withoutPrefix(text: string, prefix: string): string {
  return stringStartsWith(text, prefix) ? stringSlice(text, 1) : text;
}

function isAbsolute(pathname: string, isPattern: boolean): boolean {
  return (
    stringStartsWith(pathname, "/") ||
    (isPattern && (stringStartsWith(pathname, "\\/") || stringStartsWith(pathname, "{/")))
  );
}

/**
 * Completes the parts from the base URL and, of a URL, brings each into the form that it has in one.
 *
 * @throws TypeError where the base does not parse or a part cannot be in a URL
 */
export function processInit(init: PatternInit, isPattern: boolean): PatternInit {
  const result: PatternInit = {};
  let basePath: string | undefined;
  if (init.baseURL !== undefined) {
    const base = urlParts(init.baseURL);
    if (base === undefined) throw new TypeError("Invalid URLPattern: baseURL is no URL");
    const take = (text: string): string => (isPattern ? escapePattern(text) : text);
    const { protocol, username, password, hostname, port, pathname, search, hash } = init;
    const ownHost = protocol !== undefined || hostname !== undefined;
    const ownPort = ownHost || port !== undefined;
    const ownPath = ownPort || pathname !== undefined;
    const ownSearch = ownPath || search !== undefined;
    if (protocol === undefined) result.protocol = take(stringSlice(base.protocol, 0, -1));
    if (!isPattern && !ownPort && username === undefined) {
      result.username = base.username;
      if (password === undefined) result.password = base.password;
    }
    if (!ownHost) result.hostname = take(base.hostname);
    if (!ownPort) result.port = take(base.port);
    if (!ownPath) result.pathname = take(base.pathname);
    if (!ownSearch) result.search = take(stringSlice(base.search, 1));
    if (!ownSearch && hash === undefined) result.hash = take(stringSlice(base.hash, 1));
    // A path of one piece has no segments to resolve against.
    if (stringStartsWith(base.pathname, "/")) basePath = take(base.pathname);
  }
  if (init.protocol !== undefined) {
    const { protocol } = init;
    result.protocol = stringEndsWith(protocol, ":") ? stringSlice(protocol, 0, -1) : protocol;
  }
  if (init.username !== undefined) result.username = init.username;
  if (init.password !== undefined) result.password = init.password;
  if (init.hostname !== undefined) result.hostname = init.hostname;
  if (init.port !== undefined) result.port = init.port;
  if (init.pathname !== undefined) {
    const { pathname } = init;
    result.pathname =
      basePath === undefined || isAbsolute(pathname, isPattern)
        ? pathname
        : stringSlice(basePath, 0, stringLastIndexOf(basePath, "/") + 1) + pathname;
  }
  if (init.search !== undefined) result.search = withoutPrefix(init.search, "?");
  if (init.hash !== undefined) result.hash = withoutPrefix(init.hash, "#");
  return isPattern ? result : canonicalize(result, init);
}

/** Brings what was given, not what came from the base, into the form of a URL. */
function canonicalize(result: PatternInit, given: PatternInit): PatternInit {
  if (given.protocol !== undefined) result.protocol = canonicalProtocol(result.protocol as string);
  const protocol = result.protocol ?? "";
  const special = protocol === "" || isSpecialScheme(protocol);
  if (given.username !== undefined) result.username = canonicalUsername(given.username);
  if (given.password !== undefined) result.password = canonicalPassword(given.password);
  if (given.hostname !== undefined)
    result.hostname = special ? canonicalDomain(given.hostname) : canonicalHostname(given.hostname);
  if (given.port !== undefined) result.port = canonicalPort(given.port, protocol);
  if (given.pathname !== undefined) {
    const pathname = result.pathname as string;
    result.pathname = special ? canonicalPathname(pathname) : canonicalOpaquePathname(pathname);
  }
  if (given.search !== undefined) result.search = canonicalSearch(result.search as string);
  if (given.hash !== undefined) result.hash = canonicalHash(result.hash as string);
  return result;
}

import { DOMException } from "../dom-exception/dom-exception.ts";
import { isToken } from "../fetch/header-syntax.ts";
import { arrayIncludes, arrayPush } from "../primordials/array.ts";
import { symbolIterator } from "../primordials/values.ts";
import {
  stringIncludes,
  stringIndexOf,
  stringSlice,
  stringStartsWith,
  stringToLowerCase,
} from "../primordials/string.ts";
import { parseUrl } from "../url/url.ts";
import { isObject } from "../webidl/arguments.ts";
import { toSequence, toText } from "../webidl/convert.ts";

/**
 * The URL of a WebSocket in normal form. There is no page whose address could be a base: it has to be absolute.
 *
 * @throws DOMException SyntaxError if it does not parse, has another scheme, or a fragment
 */
export function socketUrl(input: string): string {
  const parsed = parseUrl(input);
  if (parsed === undefined) throw syntaxError(`The URL "${stringSlice(input, 0, 200)}" is invalid.`);
  let url = parsed;
  if (stringStartsWith(url, "http:")) url = `ws${stringSlice(url, 4)}`;
  else if (stringStartsWith(url, "https:")) url = `wss${stringSlice(url, 5)}`;
  if (!stringStartsWith(url, "ws:") && !stringStartsWith(url, "wss:"))
    throw syntaxError(`The URL's scheme must be "ws" or "wss" ("http" and "https" mean these).`);
  if (stringIncludes(url, "#")) throw syntaxError("The URL of a WebSocket has no fragment.");
  return url;
}

/** Scheme, host and port of a WebSocket's URL, as its messages have it for their origin. */
export function socketOrigin(url: string): string {
  const start = stringIndexOf(url, "//") + 2;
  const end = stringIndexOf(url, "/", start);
  const at = stringIndexOf(url, "@", start);
  const host = at >= 0 && at < end ? at + 1 : start;
  return stringSlice(url, 0, start) + stringSlice(url, host, end);
}

/**
 * The protocols that a worker offers, one or a sequence.
 *
 * @throws DOMException SyntaxError if one is no token or comes twice
 */
export function socketProtocols(given: unknown): readonly string[] {
  if (given === undefined) return [];
  const isList = isObject(given) && (given as Partial<Iterable<unknown>>)[symbolIterator] !== undefined;
  const items = isList ? toSequence(given, "The list of protocols") : [given];
  const protocols: string[] = [];
  const seen: string[] = [];
  for (let i = 0; i < items.length; i++) arrayPush(protocols, toText(items[i]));
  for (let i = 0; i < protocols.length; i++) {
    const protocol = protocols[i] as string;
    if (!isToken(protocol)) throw syntaxError(`The protocol "${stringSlice(protocol, 0, 200)}" is invalid.`);
    const lower = stringToLowerCase(protocol);
    if (arrayIncludes(seen, lower)) throw syntaxError(`The protocol "${protocol}" comes twice.`);
    arrayPush(seen, lower);
  }
  return protocols;
}

function syntaxError(message: string): DOMException {
  return new DOMException(message, "SyntaxError");
}

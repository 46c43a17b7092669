import {
  stringCharCodeAt,
  stringIncludes,
  stringSlice,
  stringStartsWith,
  stringToLowerCase,
} from "../primordials/string.ts";
import { urlParts, type UrlParts, urlPartsWith } from "../url/url.ts";

/*
 * How text of a component looks in a URL: what the URL parser makes of it in a URL of no other interest.
 * Plain text, which is most, is not brought to the parser.
 */
const DUMMY = "https://dummy.invalid/";
const OTHER_DUMMY = "https://other.invalid/";

const SPECIAL = ["ftp", "file", "http", "https", "ws", "wss"] as const;
const DEFAULT_PORTS = {
  __proto__: null,
  ftp: "21",
  http: "80",
  https: "443",
  ws: "80",
  wss: "443",
} as unknown as Record<string, string | undefined>;

/** The schemes whose URLs have a host and a path of segments. */
export const specialSchemes: readonly string[] = SPECIAL;

export function isSpecialScheme(scheme: string): boolean {
  for (let i = 0; i < SPECIAL.length; i++) if (SPECIAL[i] === scheme) return true;
  return false;
}

/** The port that URLs of a scheme leave out. */
export function defaultPort(scheme: string): string | undefined {
  return DEFAULT_PORTS[scheme];
}

function invalid(component: string, value: string): TypeError {
  return new TypeError(`Invalid URLPattern: "${stringSlice(value, 0, 200)}" is no ${component}`);
}

/** Whether the text is small letters of ASCII and the other characters given, which no parser changes. */
function isPlain(text: string, others: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = stringCharCodeAt(text, i);
    if ((code < 0x61 || code > 0x7a) && !stringIncludes(others, text[i] as string)) return false;
  }
  return true;
}

function set(href: string, part: keyof UrlParts, value: string): string {
  const parts = urlPartsWith(href, part, value);
  if (parts === undefined) throw invalid(part, value);
  return parts[part];
}

/** Sets a part that a URL keeps as it was where the value is none; with two URLs that shows. */
function setStrictly(href: string, other: string, part: keyof UrlParts, value: string): string {
  const result = set(href, part, value);
  const unchanged = urlParts(href)?.[part];
  if (result === unchanged && set(other, part, value) !== result) throw invalid(part, value);
  return result;
}

export function canonicalProtocol(value: string): string {
  if (isPlain(value, "")) return value;
  const parts = urlParts(`${value}://dummy.invalid/`);
  if (parts === undefined) throw invalid("protocol", value);
  return stringSlice(parts.protocol, 0, -1);
}

export function canonicalUsername(value: string): string {
  return isPlain(value, "") ? value : set(DUMMY, "username", value);
}

export function canonicalPassword(value: string): string {
  return isPlain(value, "") ? value : set(DUMMY, "password", value);
}

/** The host of a URL with a special scheme. */
export function canonicalDomain(value: string): string {
  if (isPlain(value, "")) return value;
  return setStrictly(DUMMY, OTHER_DUMMY, "hostname", value);
}

/** The host of any other URL. */
export function canonicalHostname(value: string): string {
  if (isPlain(value, "")) return value;
  return setStrictly("dummy://dummy.invalid/", "dummy://other.invalid/", "hostname", value);
}

export function canonicalIpv6(value: string): string {
  const lower = stringToLowerCase(value);
  for (let i = 0; i < lower.length; i++)
    if (!stringIncludes("0123456789abcdef[]:", lower[i] as string)) throw invalid("IPv6 address", value);
  return lower;
}

/** @param protocol Leaves its default port out */
export function canonicalPort(value: string, protocol = ""): string {
  if (value === "") return "";
  const scheme = isSpecialScheme(protocol) && protocol !== "file" ? protocol : "dummy";
  return setStrictly(`${scheme}://dummy.invalid:9/`, `${scheme}://dummy.invalid:8/`, "port", value);
}

/** The path of a URL with a special scheme, or a part of one. */
export function canonicalPathname(value: string): string {
  if (isPlain(value, "/")) return value;
  if (stringStartsWith(value, "/")) return set(DUMMY, "pathname", value);
  return stringSlice(set(DUMMY, "pathname", `/-${value}`), 2);
}

/** The path of any other URL, which may be of one piece. */
export function canonicalOpaquePathname(value: string): string {
  if (isPlain(value, "/")) return value;
  const parts = urlParts(`data:${value}`);
  if (parts === undefined) throw invalid("pathname", value);
  return parts.pathname;
}

export function canonicalSearch(value: string): string {
  return isPlain(value, "=&") ? value : stringSlice(set(DUMMY, "search", `?${value}`), 1);
}

export function canonicalHash(value: string): string {
  return isPlain(value, "") ? value : stringSlice(set(DUMMY, "hash", `#${value}`), 1);
}

import { isIP } from "node:net";
import { isDnsName } from "../ids/dns-name.ts";

/** Leaves room in a name of DNS, which has at most 253 characters, for one that is put before it. */
const MAX_HOST_CHARS = 190;

/** What an origin has to look like, for messages. */
export const AN_ORIGIN = 'a URL of scheme, host and port only, such as "https://skerry.example.com"';
/** The same where names are put before the host. */
export const A_NAMED_ORIGIN =
  'a URL of scheme, host name and port only, such as "https://workers.example.com"';

/**
 * The URL of an origin of HTTP.
 * @returns null where the text is none, or has more than scheme, host and port
 */
export function parseOrigin(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return null;
  return url.href === `${url.origin}/` && url.port !== "0" && !/[?#]/.test(text) ? url : null;
}

/** The same of a host that names can be put before: no address, and no pattern. */
export function parseNamedOrigin(text: string): URL | null {
  const url = parseOrigin(text);
  if (url === null || isIP(url.hostname) !== 0 || url.hostname.length > MAX_HOST_CHARS) return null;
  return isDnsName(url.hostname) ? url : null;
}

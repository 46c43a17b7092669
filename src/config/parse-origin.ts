import { isIP } from "node:net";

const HOST_NAME =
  /^(?=.{1,190}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

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
  return url !== null && isIP(url.hostname) === 0 && HOST_NAME.test(url.hostname) ? url : null;
}

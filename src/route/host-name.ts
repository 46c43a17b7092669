import { domainToASCII } from "node:url";

/** Longest name that DNS can hold, in characters. */
const MAX_HOST_CHARS = 253;
const PLAIN_HOST = /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?$/;

/**
 * Brings a host, as it stands in a `Host` header or URL, to the one form that routes are compared
 * in: lower case, punycode, no port, no trailing dot, IPv6 in brackets and shortest form.
 *
 * @returns null where the text is no host.
 */
export function normalizeHost(host: string): string | null {
  if (host.startsWith("[")) return normalizeIpv6(host);
  let name = host;
  const colon = name.indexOf(":");
  if (colon !== -1) {
    if (!/^\d{0,5}$/.test(name.slice(colon + 1))) return null;
    name = name.slice(0, colon);
  }
  if (name.endsWith(".")) name = name.slice(0, -1);
  name = name.toLowerCase();
  if (!PLAIN_HOST.test(name)) {
    // domainToASCII cuts at a slash, so what no name can hold is refused first.
    if (/[\0-,/:-@[-^`{-\x7f]/.test(name)) return null;
    name = domainToASCII(name);
  }
  if (name.length > MAX_HOST_CHARS || name.includes("..")) return null;
  return PLAIN_HOST.test(name) ? name : null;
}

function normalizeIpv6(host: string): string | null {
  const address = /^(\[[0-9a-fA-F:.]+\])(?::\d{0,5})?$/.exec(host)?.[1];
  if (address === undefined) return null;
  const url = URL.parse(`http://${address}/`);
  return url === null ? null : url.hostname;
}

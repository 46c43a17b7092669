import { domainToUnicode } from "node:url";

const SPECIAL: ReadonlySet<string> = new Set(["http:", "https:", "ws:", "wss:", "ftp:", "file:"]);

/**
 * Whether a host has a label that says that it is Punycode and is not. The URL standard lets such a URL fail
 * (UTS #46, processing, with all of its checks); Node lets it pass, and only shows it when it translates back.
 */
export function hasBrokenHost(url: URL): boolean {
  const { hostname } = url;
  if (!hostname.includes("xn--") || !SPECIAL.has(url.protocol)) return false;
  return hostname.split(".").some((label) => label.startsWith("xn--") && domainToUnicode(label) === label);
}

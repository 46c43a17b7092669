import { URL_PARTS, type UrlPart } from "../../../runtime-api/contract/sync.ts";
import { hasBrokenHost } from "./broken-host.ts";
import { joinParts, MAX_URL_CHARS } from "./url-parts.ts";

/** Answers `urlSet`: the parts of a URL after one of them was set; null if `href` is no URL, or the part cannot be so. */
export function urlSet(href: unknown, part: unknown, value: unknown): string | null {
  if (typeof href !== "string" || typeof value !== "string" || typeof part !== "string") return null;
  if (href.length > MAX_URL_CHARS || value.length > MAX_URL_CHARS) return null;
  if (!URL_PARTS.includes(part as UrlPart) || part === "origin") return null;
  const url = URL.parse(href);
  if (url === null) return null;
  try {
    url[part as Exclude<UrlPart, "origin">] = value;
  } catch {
    return null;
  }
  return hasBrokenHost(url) ? null : joinParts(url);
}

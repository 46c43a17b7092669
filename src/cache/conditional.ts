import { headerOf, type HeaderList } from "./flat-headers.ts";

const ENTITY_TAG = /\s*((?:W\/)?"[^"]*")\s*(?:,|$)/y;

/**
 * Whether the client of a conditional request has the response already, RFC 9110 §13.2.2: by `If-None-Match`,
 * where tags compare weakly, else by `If-Modified-Since`.
 */
export function isNotModified(request: HeaderList, response: HeaderList): boolean {
  const tags = headerOf(request, "if-none-match");
  if (tags !== undefined) {
    const etag = headerOf(response, "etag");
    if (tags.trim() === "*") return true;
    return etag !== undefined && readEntityTags(tags).some((tag) => opaque(tag) === opaque(etag));
  }
  const since = headerOf(request, "if-modified-since");
  const modified = headerOf(response, "last-modified");
  if (since === undefined || modified === undefined) return false;
  return Date.parse(modified) <= Date.parse(since);
}

/** Whether a range may be given: `If-Range` is absent, or names the response that is there. RFC 9110 §13.1.5. */
export function rangeHolds(request: HeaderList, response: HeaderList): boolean {
  const condition = headerOf(request, "if-range")?.trim();
  if (condition === undefined) return true;
  // Tags compare strongly, dates exactly.
  if (condition.startsWith('"')) return condition === headerOf(response, "etag")?.trim();
  return condition === headerOf(response, "last-modified")?.trim();
}

/** The tags of an `If-None-Match` as they stand there, as far as it can be read. */
export function readEntityTags(text: string): string[] {
  const tags: string[] = [];
  ENTITY_TAG.lastIndex = 0;
  for (let found = ENTITY_TAG.exec(text); found !== null; found = ENTITY_TAG.exec(text)) tags.push(found[1]!);
  return tags;
}

function opaque(tag: string): string {
  return tag.trim().replace(/^W\//, "");
}

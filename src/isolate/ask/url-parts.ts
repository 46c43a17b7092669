import { URL_CHARS, URL_PARTS } from "../../../runtime-api/contract/sync.ts";

/** A URL longer than this is refused rather than parsed, in UTF-16 units. */
export const MAX_URL_CHARS: number = URL_CHARS;

/** The parts of a URL in the form in which they cross. */
export function joinParts(url: URL): string {
  return URL_PARTS.map((part) => url[part]).join("\n");
}

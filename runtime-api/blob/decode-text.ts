import { utf8Decode } from "../encoding/utf8.ts";
import { stringCharCodeAt, stringSlice } from "../primordials/string.ts";

/** Text without the byte order mark that may stand before it. */
export function withoutBom(text: string): string {
  return text.length > 0 && stringCharCodeAt(text, 0) === 0xfeff ? stringSlice(text, 1) : text;
}

/** The text of UTF-8 bytes as bodies and blobs are read: malformed bytes become U+FFFD, a BOM goes. */
export function decodeText(bytes: Uint8Array): string {
  return withoutBom(utf8Decode(bytes));
}

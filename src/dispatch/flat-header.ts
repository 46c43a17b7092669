import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";

/** The first value of a header, or the empty string. @param name In lower case. */
export function flatHeader(headers: FlatHeaders, name: string): string {
  const lines = headers.split("\n");
  for (let i = 0; i + 1 < lines.length; i += 2) if (lines[i]!.toLowerCase() === name) return lines[i + 1]!;
  return "";
}

import type { FlatHeaders } from "../contract/flat.ts";
import { typedArrayKind } from "../primordials/bytes.ts";
import { stringSplit, stringToLowerCase } from "../primordials/string.ts";
import { streamLength } from "../streams/stream-length.ts";
import type { TakenBody } from "./body.ts";

/** The headers with the length of a body that is a stream of known length, for whoever sends them. */
export function withKnownLength(headers: FlatHeaders, body: TakenBody): FlatHeaders {
  if (body === null || typeof body !== "object" || typedArrayKind(body) !== undefined || !("stream" in body))
    return headers;
  const bytes = streamLength(body.stream);
  if (bytes === undefined) return headers;
  const fields = stringSplit(headers, "\n");
  let kept = "";
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as string;
    if (stringToLowerCase(name) !== "content-length") kept += `${name}\n${fields[i + 1] as string}\n`;
  }
  return `${kept}content-length\n${bytes}`;
}

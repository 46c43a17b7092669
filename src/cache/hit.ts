import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";
import type { CacheReading } from "../storage/cache-store.ts";
import { type ByteRange, readRange } from "./byte-range.ts";
import { isNotModified, rangeHolds } from "./conditional.ts";
import { headerOf, type HeaderList, readHeaders, withoutHeaders, writeHeaders } from "./flat-headers.ts";

/** The head of an answer from the cache, and which bytes of the stored body go with it; null: none. */
export interface Hit {
  readonly status: number;
  readonly statusText: string;
  readonly headers: FlatHeaders;
  readonly body: ByteRange | null;
}

const LENGTH: ReadonlySet<string> = new Set(["content-length", "content-range"]);
const OF_BODY: ReadonlySet<string> = new Set([...LENGTH, "content-encoding", "content-type"]);

/** The answer of a cache that follows the standard: what was put, as it was put. */
export function asPut({ status, statusText, headers, sizeBytes }: CacheReading): Hit {
  return { status, statusText, headers, body: sizeBytes === null ? null : { start: 0, end: sizeBytes } };
}

/**
 * Answers a request as Cloudflare does from a stored response: 304 where the request is conditional and the client has it, 206 or 416
 * where it asks for a range, else as it was put.
 */
export function hitOf(request: HeaderList, stored: CacheReading, nowMs: number): Hit {
  const headers = readHeaders(stored.headers) ?? [];
  const { status, statusText, sizeBytes } = stored;
  const age = Math.max(0, stored.ageS + Math.floor((nowMs - stored.storedMs) / 1_000));
  const marks: HeaderList = [
    ["age", `${age}`],
    ["cf-cache-status", "HIT"],
  ];
  if (status === 200 && isNotModified(request, headers)) {
    return {
      status: 304,
      statusText: "Not Modified",
      headers: writeHeaders([...withoutHeaders(headers, OF_BODY), ...marks]),
      body: null,
    };
  }
  if (sizeBytes === null)
    return { status, statusText, headers: writeHeaders([...headers, ...marks]), body: null };
  const range =
    status === 200 && rangeHolds(request, headers) ? readRange(headerOf(request, "range"), sizeBytes) : null;
  if (range === "unsatisfiable") {
    return {
      status: 416,
      statusText: "Range Not Satisfiable",
      headers: writeHeaders([
        ...withoutHeaders(headers, OF_BODY),
        ["content-range", `bytes */${sizeBytes}`],
        ...marks,
      ]),
      body: null,
    };
  }
  const body = range ?? { start: 0, end: sizeBytes };
  const part: HeaderList =
    range === null ? [] : [["content-range", `bytes ${range.start}-${range.end - 1}/${sizeBytes}`]];
  return {
    status: range === null ? status : 206,
    statusText: range === null ? statusText : "Partial Content",
    headers: writeHeaders([
      ...withoutHeaders(headers, LENGTH),
      ["content-length", `${body.end - body.start}`],
      ...part,
      ...marks,
    ]),
    body,
  };
}

/**
 * Operations of `call` records, by the kind of binding that stands behind the slot, with their
 * arguments and the values of a good reply. `body` means the two values `kind, value`.
 *
 * | slot | op | args | values of the reply |
 * | --- | --- | --- | --- |
 * | 0 | `fetch` | method, url, headers, body, redirect (`follow` `manual` `error`, `sameOrigin`: follows within the origin); these may be left out: integrity, referrer (a URL or empty), referrer policy, names of headers as they shall be written, one a line | status, statusText, headers, body, finalUrl, redirected |
 * | 0 | `connect` | url, headers, mustAgree | as of `fetch`; with status 101 the body is a `socket`. mustAgree: the server has to pick one of the protocols of `sec-websocket-protocol` |
 * | 0 | `digest` | algorithm (`SHA-1` …), bytes | bytes; answered inside the cell, off its event loop |
 * | 0 | `cacheMatch` | cache name or null (`caches.default`), url, headers, latitude (may be left out) | found, status, statusText, headers, body; then, where the response was put with them: type, finalUrl, redirected |
 * | 0 | `cachePut` | cache name or null, url, request headers, status, statusText, headers, body; into a cache with a name also, unless a worker made the response: type (`basic` or `error`), finalUrl, redirected | `stored`, `ignored` or `tooLarge` |
 * | 0 | `cacheDelete` | cache name or null, url, headers, latitude (may be left out; what has no name ignores `Vary` in any case) | whether there was a response |
 * | 0 | `cacheList` | cache name or null, url or null (all), headers, latitude, cursor (0 at first) | cursor of the next part or 0, then per response: id, url, headers that it varies by |
 * | 0 | `cacheRead` | cache name or null, url, id of a list | as of `cacheMatch`: the whole response, if it is still there |
 * | 0 | `cacheNames` | name to go on after, or null | whether more follow, then names of caches that hold something |
 * | 0 | `cacheHas` | cache name | whether it holds something |
 * | 0 | `cacheDrop` | cache name | whether it held something |
 * | 0 | `codec` | codec, mode (one of `CODEC_MODES`), bytes, finish | bytes, more; answered inside the cell, see §5 of the turn protocol |
 * | 0 | `codecClose` | codec | none; answered inside the cell |
 * | 0 | `crypto.…` | see `crypto.ts` | see `crypto.ts` |
 * | service | `fetch` | as slot 0, but for the integrity | as slot 0: the worker's answer |
 * | kv | `get` | key, cacheTtlS or null | found, body, metadataJson or null |
 * | kv | `getMany` | cacheTtlS or null, ...keys | body, which is `none` or a stream; per key: found, text or null, metadataJson or null. With a stream, which has all values one after another, numbers of bytes stand in the texts' places |
 * | kv | `put` | key, body, expirationS or null, expirationTtlS or null, metadataJson or null | none |
 * | kv | `delete` | key | none |
 * | kv | `list` | prefix or null, limit or null, cursor or null | body, a JSON text: `{ keys: [{ name, expiration?, metadata? }], list_complete, cursor? }` |
 * | plugIn | `invoke` | method, JSON, ...parts; see `plain.ts` | body, JSON or the empty text, ...parts. A body is the answer itself |
 * | plugIn | `fetch` | as service | as service |
 * | rateLimit | `limit` | key | whether it passes |
 *
 * `latitude` is a sum of what `CACHE_IGNORES_…` and `CACHE_ANY_NAMED` say.
 *
 * A reply that is not ok has the values `name, message`: `name` is `Error`, `TypeError`,
 * `RangeError` or `SyntaxError`, else the name of a DOMException (`AbortError`, `TimeoutError`, …).
 */
export const Op = {
  fetch: "fetch",
  connect: "connect",
  digest: "digest",
  cacheMatch: "cacheMatch",
  cachePut: "cachePut",
  cacheDelete: "cacheDelete",
  cacheList: "cacheList",
  cacheRead: "cacheRead",
  cacheNames: "cacheNames",
  cacheHas: "cacheHas",
  cacheDrop: "cacheDrop",
  codec: "codec",
  codecClose: "codecClose",
  kvGet: "get",
  kvGetMany: "getMany",
  kvPut: "put",
  kvDelete: "delete",
  kvList: "list",
  rateLimit: "limit",
  invoke: "invoke",
} as const;

/** What a codec of `codec` does: the formats of the Compression standard, there and back. */
export const CODEC_MODES = ["gzip", "deflate", "deflate-raw", "gunzip", "inflate", "inflate-raw"] as const;
export type CodecMode = (typeof CODEC_MODES)[number];

/** A question to a cache takes URLs that differ in their query for one. */
export const CACHE_IGNORES_SEARCH = 1;
/** It takes no notice of `Vary`. */
export const CACHE_IGNORES_VARY = 2;
/** It goes to all caches that have a name; the one of the call means nothing. */
export const CACHE_ANY_NAMED = 4;

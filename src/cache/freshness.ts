import CachePolicy from "http-cache-semantics";
import type { CacheVary } from "../storage/cache-store.ts";
import { varyOf } from "../storage/cache-vary.ts";
import { type Directive, fieldNames, readCacheControl } from "./cache-control.ts";
import { headerOf, type HeaderList, withoutHeaders, writeHeaders } from "./flat-headers.ts";

/** How a response is to be kept. */
export interface Keeping {
  /** How long it stays fresh from now on. */
  readonly freshMs: number;
  /** How old it is now. */
  readonly ageS: number;
  readonly vary: CacheVary;
  /** Its headers, without those that may not be kept. */
  readonly headers: HeaderList;
}

const MAX_FRESH_S = 365 * 24 * 3_600;
/** For responses that do not say how long they are fresh: by status, as on Cloudflare. RFC 9111 §4.2.2 allows it. */
const HEURISTIC_S: ReadonlyMap<number, number> = new Map([
  [200, 7_200],
  [301, 7_200],
  [302, 1_200],
  [303, 1_200],
  [404, 180],
  [410, 180],
]);
/** They belong to a connection, or are set anew on each hit: the default cache leaves them out. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  "age",
  "cf-cache-status",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** An error response says nothing of itself: it is kept as long as a page that was not found. */
export const ERROR_KEEPING: Keeping = { freshMs: 180_000, ageS: 0, vary: [], headers: [] };

/**
 * Whether a shared cache may keep a response and for how long, RFC 9111 §3 and §4.2. As on Cloudflare a response
 * with `Set-Cookie` is not kept, unless `Cache-Control: private=Set-Cookie` says to keep it without, and the
 * request's `Cache-Control` means nothing.
 *
 * @param isExact keeps headers that the default cache leaves out
 * @returns null if it may not be kept, or is stale already.
 */
export function keepingOf(
  requestHeaders: HeaderList,
  status: number,
  responseHeaders: HeaderList,
  nowMs: number,
  isExact = false,
): Keeping | null {
  const given = readCacheControl(headerOf(responseHeaders, "cache-control") ?? "");
  const hidden = given.find(({ name }) => name === "private");
  const secret = hidden === undefined ? null : fieldNames(hidden);
  let headers = isExact ? responseHeaders : withoutHeaders(responseHeaders, NOT_KEPT);
  if (secret !== null) headers = withoutHeaders(headers, new Set(secret));
  if (headerOf(headers, "set-cookie") !== undefined) return null;

  const directives = secret === null ? given : given.filter((directive) => directive !== hidden);
  const explicit =
    directives.some(({ name }) => name === "s-maxage" || name === "max-age") ||
    headerOf(headers, "expires") !== undefined;
  const policy = policyOf(requestHeaders, status, responseHeaders, directives, explicit, nowMs);
  if (policy === null || !policy.storable()) return null;
  const freshS = Math.min(policy.maxAge(), MAX_FRESH_S) - policy.age();
  if (!(freshS > 0)) return null;
  return {
    freshMs: Math.round(freshS * 1_000),
    ageS: Math.floor(policy.age()),
    vary: varyOf(writeHeaders(requestHeaders), varyNames(headers)),
    headers,
  };
}

function policyOf(
  requestHeaders: HeaderList,
  status: number,
  responseHeaders: HeaderList,
  directives: readonly Directive[],
  explicit: boolean,
  nowMs: number,
): CachePolicy | null {
  // That stale responses are asked for again says nothing of fresh ones.
  const said = directives.filter(({ name }) => name !== "proxy-revalidate");
  if (!explicit) {
    const heuristicS = HEURISTIC_S.get(status);
    const pragma = directives.length === 0 && /no-cache/i.test(headerOf(responseHeaders, "pragma") ?? "");
    if (heuristicS === undefined || pragma) return null;
    said.push({ name: "max-age", value: `${heuristicS}` });
  }
  const headers: Record<string, string> = {
    "cache-control": said
      .map(({ name, value }) => (value === null ? name : `${name}=${value.replaceAll(",", " ")}`))
      .join(", "),
  };
  for (const name of ["age", "date", "expires"]) {
    const value = headerOf(responseHeaders, name);
    if (value !== undefined) headers[name] = value;
  }
  const authorization = headerOf(requestHeaders, "authorization");
  const Policy = policyAt(nowMs);
  // A final status that says explicitly how long it is fresh may be kept, known or not: RFC 9111 §3.
  return new Policy(
    { method: "GET", headers: authorization === undefined ? {} : { authorization } },
    { status: explicit ? 200 : status, headers },
  );
}

function policyAt(nowMs: number): typeof CachePolicy {
  return class extends CachePolicy {
    now(): number {
      return nowMs;
    }
  };
}

function varyNames(headers: HeaderList): string[] {
  const names = (headerOf(headers, "vary") ?? "").split(",").map((name) => name.trim().toLowerCase());
  return [...new Set(names)].filter((name) => name !== "").sort();
}

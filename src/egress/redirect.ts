import { EgressError } from "./egress-error.ts";
import { readUrl } from "./outbound-request.ts";
import type { OutboundRequest } from "./outbound-request.ts";

/** Headers that speak about a body. */
const BODY_HEADERS: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-length",
  "content-location",
  "content-type",
]);
/** Headers that are meant for one origin only. */
const CREDENTIALS: ReadonlySet<string> = new Set(["authorization", "cookie"]);

/** Whether a status sends the client on, given a Location. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * The request that follows a redirect, by the rules of fetch.
 *
 * @throws {EgressError} if the new URL cannot be fetched, or the body cannot be sent again.
 */
export function followRedirect(request: OutboundRequest, status: number, location: string): OutboundRequest {
  const url = readUrl(location, request.url);
  const { method } = request;
  const becomesGet =
    status === 303
      ? method !== "GET" && method !== "HEAD"
      : (status === 301 || status === 302) && method === "POST";
  if (!becomesGet && request.body instanceof ReadableStream) {
    throw new EgressError(
      "TypeError",
      "Cannot fetch: a redirect asks for the request's body again, and a stream can be sent only once",
    );
  }
  let { headers } = request;
  const { referrer, spelling } = request;
  if (becomesGet) headers = without(headers, BODY_HEADERS);
  if (url.origin !== request.url.origin) headers = without(headers, CREDENTIALS);
  return becomesGet
    ? { method: "GET", url, headers, body: null, referrer, spelling }
    : { method, url, headers, body: request.body, referrer, spelling };
}

function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (!names.has(headers[i]!)) kept.push(headers[i]!, headers[i + 1]!);
  }
  return kept;
}

import type { Flat } from "../../runtime-api/contract/flat.ts";
import type { Limits } from "../limits/limits.ts";
import type { MessageSocket } from "../websocket/message-socket.ts";
import { isBlockedPort } from "./blocked-ports.ts";
import { EgressError } from "./egress-error.ts";
import { readIntegrity } from "./integrity.ts";
import type { Integrity } from "./integrity.ts";
import { readReferrer, type Referrer } from "./referrer.ts";
import { readSpelling, type Spelling } from "./spelling.ts";
import { DEPTH_HEADER } from "./request-depth.ts";

export type OutboundBody = string | Uint8Array | ReadableStream<Uint8Array> | null;
export type RedirectMode = "follow" | "sameOrigin" | "manual" | "error";

/** One hop of a fetch. */
export interface OutboundRequest {
  readonly method: string;
  readonly url: URL;
  /** `name, value, …`, names in lower case. */
  readonly headers: readonly string[];
  readonly body: OutboundBody;
  readonly referrer: Referrer | null;
  readonly spelling: Spelling;
}

/** What the egress needs of the context of a call. */
export interface EgressContext {
  readonly account: string;
  readonly signal: AbortSignal;
  openStream(source: ReadableStream<Uint8Array>): number;
  openSocket(connection: MessageSocket): number;
  readonly limits: Pick<Limits, "socketMessageBytes" | "egressResponseBytes">;
  readBody(kind: Flat | undefined, value: Flat | undefined): OutboundBody;
  /** Stands for the event: its fetches share a window. Without it only the account's holds. */
  readonly event?: object;
  /** How many workers the event's request came through, see {@link DEPTH_HEADER}. @default 0 */
  readonly depth?: number;
}

const MAX_URL_CHARS = 16 * 1024;
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const REFUSED_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);
/** Set by the connection, not by the worker. */
const DROPPED: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Reads the arguments of a `fetch` call. They come from an isolate, so nothing about them is sure.
 *
 * @throws {EgressError} that names what cannot be fetched.
 */
export function readOutboundRequest(
  args: readonly Flat[],
  context: EgressContext,
): OutboundRequest & { readonly redirect: RedirectMode; readonly integrity: Integrity | null } {
  const [method, url, headers, kind, value, redirect, integrity = "", referrer, policy, spelling] = args;
  if (typeof method !== "string" || typeof url !== "string" || typeof headers !== "string")
    throw invalid("malformed call");
  if (redirect !== "follow" && redirect !== "sameOrigin" && redirect !== "manual" && redirect !== "error")
    throw invalid("malformed redirect mode");
  if (typeof integrity !== "string") throw invalid("malformed integrity");
  if (!METHOD.test(method) || REFUSED_METHODS.has(method.toUpperCase()))
    throw invalid(`method "${method.slice(0, 64)}" is not allowed`);
  const target = readUrl(url);
  const body = context.readBody(kind, value);
  if (body !== null && (method === "GET" || method === "HEAD")) {
    if (body instanceof ReadableStream) body.cancel().catch(() => {});
    throw invalid(`a ${method} request cannot have a body`);
  }
  return {
    method,
    url: target,
    headers: readHeaders(headers, body, (context.depth ?? 0) + 1),
    body,
    redirect,
    integrity: readIntegrity(integrity),
    referrer: readReferrer(referrer, policy),
    spelling: readSpelling(spelling),
  };
}

/** Checks a URL, of the worker or of a redirect. @throws {EgressError} */
export function readUrl(text: string, base?: URL): URL {
  if (text.length > MAX_URL_CHARS) throw invalid("the URL is too long");
  const url = URL.parse(text, base);
  if (url === null) throw invalid(`"${text.slice(0, 200)}" is no URL`);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw invalid(`URLs of scheme "${url.protocol}" cannot be fetched`);
  if (url.username !== "" || url.password !== "") throw invalid("the URL holds a user name or password");
  if (isBlockedPort(url.port)) throw invalid(`port ${url.port} is not allowed`);
  url.hash = "";
  return url;
}

/**
 * The worker's headers with what every request has, and without what it may not set.
 * @throws {EgressError} for one that is malformed
 */
export function readHeaders(headers: string, body: OutboundBody, depth: number): string[] {
  const kept: string[] = [];
  const given = new Set<string>();
  const parts = headers === "" ? [] : headers.split("\n");
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const name = parts[i]!.toLowerCase();
    const value = parts[i + 1]!;
    if (!NAME.test(name) || BAD_VALUE.test(value))
      throw invalid(`header "${name.slice(0, 64)}" is malformed`);
    // Only a stream has no length of its own; any other length would be a lie or the same.
    if (name === "content-length" && body instanceof ReadableStream && /^\d{1,15}$/.test(value))
      kept.push(name, value);
    if (DROPPED.has(name) || name.startsWith("skerry-")) continue;
    given.add(name);
    kept.push(name, value);
  }
  if (!given.has("accept")) kept.push("accept", "*/*");
  if (!given.has("accept-language")) kept.push("accept-language", "*");
  if (!given.has("user-agent")) kept.push("user-agent", "Skerry");
  if (!given.has("accept-encoding"))
    kept.push("accept-encoding", given.has("range") ? "identity" : "gzip, br");
  kept.push(DEPTH_HEADER, String(depth));
  return kept;
}

function invalid(problem: string): EgressError {
  return new EgressError("TypeError", `Cannot fetch: ${problem}`);
}

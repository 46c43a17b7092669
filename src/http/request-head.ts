import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";
import { normalizeAuthority } from "./authority.ts";
import type { HttpSettings } from "./http-options.ts";
import type { Peer } from "./peer.ts";

/** A request's head that passed all checks. */
export interface RequestHead {
  readonly method: string;
  readonly url: string;
  readonly headers: FlatHeaders;
  readonly contentType: string;
  readonly accept: string;
  /** Length of the body in bytes; -1 if it is chunked, 0 if there is none. */
  readonly bodyBytes: number;
  /** Whether the client says that there is a body, be it an empty one. */
  readonly hasBody: boolean;
}

/** Why a request goes no further. */
export interface Refusal {
  readonly status: number;
  readonly title: string;
}

/** Headers that belong to one hop, and those that only this host may set. */
const DROPPED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  "expect",
]);
const CLIENT_ADDRESS: ReadonlySet<string> = new Set([
  "x-real-ip",
  "forwarded",
  "true-client-ip",
  "x-client-ip",
  "cf-connecting-ip",
]);
/** What a `Connection` header cannot take away from the worker. */
const KEPT: ReadonlySet<string> = new Set(["host", "content-length", "content-type"]);
const REFUSED_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/** A head as it came. */
interface Head {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
}

/** Checks a request's head and brings it into the form in which it travels on. */
export function readHead(message: Head, peer: Peer, settings: HttpSettings): RequestHead | Refusal {
  const raw = message.rawHeaders;
  if (raw.length > settings.maxHeaders * 2) return { status: 431, title: "Too many headers" };
  const method = message.method ?? "";
  if (REFUSED_METHODS.has(method)) return { status: 405, title: "Method not allowed" };

  let headers = "";
  let host: string | null = null;
  let contentLength: string | null = null;
  let transferEncoding: string | null = null;
  let connection = "";
  let contentType = "";
  let accept = "";
  let forwardedFor = "";
  let forwardedProto = "";
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    const value = raw[i + 1]!;
    switch (name) {
      case "host":
        if (host !== null) return { status: 400, title: "More than one Host header" };
        host = value;
        break;
      case "content-length":
        if (contentLength !== null || !/^\d{1,15}$/.test(value))
          return { status: 400, title: "Malformed Content-Length" };
        contentLength = value;
        continue;
      case "transfer-encoding":
        if (transferEncoding !== null)
          return { status: 400, title: "More than one Transfer-Encoding header" };
        transferEncoding = value;
        continue;
      case "connection":
        connection += `,${value}`;
        continue;
      case "content-type":
        contentType = value;
        break;
      case "accept":
        accept = value;
        break;
      case "x-forwarded-for":
        forwardedFor += forwardedFor === "" ? value : `,${value}`;
        continue;
      case "x-forwarded-proto":
        forwardedProto = value;
        continue;
      default:
        if (DROPPED.has(name) || CLIENT_ADDRESS.has(name)) continue;
        if (!peer.trusted && (name.startsWith("cf-") || name.startsWith("x-forwarded-"))) continue;
    }
    headers += `${name}\n${value}\n`;
  }
  if (transferEncoding !== null) {
    if (contentLength !== null) return { status: 400, title: "Content-Length beside Transfer-Encoding" };
    if (transferEncoding.trim().toLowerCase() !== "chunked")
      return { status: 501, title: "Unknown Transfer-Encoding" };
  }

  const scheme = peer.trusted && forwardedProto.trim().toLowerCase() === "https" ? "https" : peer.scheme;
  const url = readUrl(message.url ?? "", host, scheme, settings.maxUrlBytes);
  if (typeof url !== "string") return url;

  const bodyless = method === "GET" || method === "HEAD";
  const bodyBytes = bodyless ? 0 : transferEncoding !== null ? -1 : Number(contentLength ?? 0);
  if (contentLength !== null && !bodyless) headers += `content-length\n${contentLength}\n`;
  if (connection !== "") headers = dropNamed(headers, connection);
  headers += peer.forwardHeaders(forwardedFor, scheme);
  const hasBody = !bodyless && (transferEncoding !== null || contentLength !== null);
  return { method, url, headers, contentType, accept, bodyBytes, hasBody };
}

function readUrl(target: string, host: string | null, scheme: string, maxBytes: number): string | Refusal {
  if (target.length > maxBytes) return { status: 414, title: "URL too long" };
  if (/[^\x21\x22\x24-\x7e]/.test(target)) return { status: 400, title: "Malformed request target" };
  let authority = host;
  let path = target;
  if (!target.startsWith("/")) {
    // Absolute form, as a client sends it to a proxy; two hosts in one request are an attempt to confuse.
    const absolute = /^https?:\/\/([^/?]*)(.*)$/i.exec(target);
    if (absolute === null) return { status: 400, title: "Malformed request target" };
    authority = absolute[1]!;
    path = absolute[2]!.startsWith("/") ? absolute[2]! : `/${absolute[2]!}`;
    if (host !== null && host.toLowerCase() !== authority.toLowerCase()) {
      return { status: 400, title: "Host header and request target differ" };
    }
  }
  if (authority === null) return { status: 400, title: "No Host header" };
  const normal = normalizeAuthority(scheme, authority);
  return normal === null ? { status: 400, title: "Malformed Host header" } : `${scheme}://${normal}${path}`;
}

/** Drops the headers that a `Connection` header names. */
function dropNamed(headers: string, connection: string): string {
  const named = new Set(
    connection
      .toLowerCase()
      .split(",")
      .map((name) => name.trim())
      .filter((name) => !KEPT.has(name)),
  );
  named.delete("close");
  named.delete("keep-alive");
  named.delete("");
  if (named.size === 0) return headers;
  const parts = headers.split("\n");
  let kept = "";
  for (let i = 0; i + 1 < parts.length; i += 2) {
    if (!named.has(parts[i]!)) kept += `${parts[i]!}\n${parts[i + 1]!}\n`;
  }
  return kept;
}

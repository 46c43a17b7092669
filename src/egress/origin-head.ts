import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";
import { codingOf } from "./coding.ts";

/** The head of an origin's response. */
export interface OriginHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: FlatHeaders;
  readonly location: string | null;
  /** Codings of the body that stand in `Content-Encoding`, in the order in which they were applied. */
  readonly encodings: readonly string[];
}

const MAX_HEADERS = 512;
const DROPPED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Brings a response's head into the form in which it travels.
 *
 * @param raw `name, value, …` in the bytes of the wire.
 * @returns null if there are too many headers.
 */
export function readOriginHead(
  status: number,
  statusText: string,
  raw: readonly Uint8Array[],
): OriginHead | null {
  if (raw.length > MAX_HEADERS * 2) return null;
  let headers = "";
  let location: string | null = null;
  let encoding = "";
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = latin1(raw[i]!).toLowerCase();
    if (DROPPED.has(name)) continue;
    // Line feeds part the flat form; a folded header is the one way to get them past the parser.
    const value = latin1(raw[i + 1]!).replace(/[\r\n\0]+/g, " ");
    if (name === "location") location ??= escapeBytes(value);
    if (name === "content-encoding") encoding += `,${value}`;
    headers += headers === "" ? `${name}\n${value}` : `\n${name}\n${value}`;
  }
  const encodings = encoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  return { status, statusText, headers, location, encodings };
}

/** A URL of the wire in ASCII: its other bytes are escaped one by one, whatever text they were meant to be. */
function escapeBytes(value: string): string {
  return value.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The headers of a body that was decoded: the length of the coded one is gone. Where the body is
 * coded again if the worker answers with it, the name of the coding stays: alone, however the origin wrote it.
 */
export function decodedHeaders({ headers, encodings }: OriginHead): FlatHeaders {
  const coding = encodings.length === 1 ? codingOf(encodings[0]!) : null;
  const parts = headers.split("\n");
  let kept = "";
  for (let i = 0; i + 1 < parts.length; i += 2) {
    if (parts[i] === "content-length" || parts[i] === "content-encoding") continue;
    kept += kept === "" ? `${parts[i]}\n${parts[i + 1]}` : `\n${parts[i]}\n${parts[i + 1]}`;
  }
  return coding === null ? kept : `${kept}${kept && "\n"}content-encoding\n${coding}`;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

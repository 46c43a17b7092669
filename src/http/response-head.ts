import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";

/** A response's headers as Node writes them, and what they say about the body. */
export interface ResponseHead {
  /** `name, value, …` without anything that belongs to one hop, and without Content-Length. */
  readonly raw: string[];
  /** The worker's Content-Length in bytes; -1 if it set none that can be. */
  readonly contentLength: number;
  /** Its Content-Encoding, of which several are joined by commas; empty if there is none. */
  readonly contentEncoding: string;
  /** Whether a value holds a character outside ASCII. */
  readonly wide: boolean;
}

const DROPPED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Takes a worker's headers apart. Whether names and values are legal is checked by Node when it
 * writes them.
 */
export function readResponseHead(headers: FlatHeaders): ResponseHead {
  const raw: string[] = [];
  let contentLength = -1;
  let contentEncoding = "";
  if (headers === "") return { raw, contentLength, contentEncoding, wide: false };
  const parts = headers.split("\n");
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const name = parts[i]!;
    const lower = name.toLowerCase();
    if (DROPPED.has(lower)) continue;
    if (lower === "content-length") {
      if (/^\d{1,15}$/.test(parts[i + 1]!)) contentLength = Number(parts[i + 1]);
      continue;
    }
    if (lower === "content-encoding") contentEncoding += `${contentEncoding && ","}${parts[i + 1]}`;
    raw.push(name, parts[i + 1]!);
  }
  return { raw, contentLength, contentEncoding, wide: /[^\x00-\x7f]/.test(headers) };
}

/** Takes the headers of one name out of what Node writes. */
export function withoutHeader(raw: readonly string[], name: string): string[] {
  return raw.filter((_, index) => raw[index - (index % 2)]!.toLowerCase() !== name);
}

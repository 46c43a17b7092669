import { INLINE_BODY_BYTES } from "../../runtime-api/contract/bounds.ts";

/** A request that came whole, in one piece with nothing behind it, and that has one reading only. */
export interface PlainRequest {
  readonly method: string;
  readonly url: string;
  /** `name, value, …` as they came. */
  readonly rawHeaders: string[];
  /** As many bytes as its Content-Length says, in a buffer of their own; null where it has no such header. */
  readonly body: Uint8Array | null;
  /** The client wants no other answer on this connection. */
  readonly isLast: boolean;
}

/**
 * A head of RFC 9112 in its narrowest form: the target is a path, lines end with CR LF, names are tokens with a colon
 * right behind them, and values are printable ASCII. Whatever is laxer, or may be malformed, is read by Node.
 */
const HEAD =
  /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/[\x21\x22\x24-\x7e]* HTTP\/1\.1(?:\r\n[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e]*)+$/;
const HEAD_END = "\r\n\r\n";
const DIGITS = /^\d{1,15}$/;

/**
 * Reads the bytes of a connection on which nothing is under way as one plain request.
 *
 * @param maxHeaderBytes longest head
 * @returns null for anything else: a part of a request, more than one, a body in chunks, a request for an upgrade or for
 *   `100 Continue`, what is malformed or could be read in two ways
 */
export function readPlainRequest(bytes: Buffer, maxHeaderBytes: number): PlainRequest | null {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1 || end + HEAD_END.length > maxHeaderBytes) return null;
  const head = bytes.toString("latin1", 0, end);
  if (!HEAD.test(head)) return null;
  const lines = head.split("\r\n");
  const [method, url] = lines[0]!.split(" ") as [string, string];
  const rawHeaders: string[] = [];
  let length = -1;
  let isLast = false;
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    // Only names of these lengths say something about the message itself.
    switch (name.length) {
      case 6:
      case 7:
      case 10:
      case 14:
      case 17:
        switch (name.toLowerCase()) {
          case "expect":
          case "upgrade":
          case "transfer-encoding":
            return null;
          case "connection":
            if (/^close$/i.test(value)) isLast = true;
            else if (!/^keep-alive$/i.test(value)) return null;
            break;
          case "content-length":
            if (length !== -1 || !DIGITS.test(value)) return null;
            length = Number(value);
        }
    }
    rawHeaders.push(name, value);
  }
  const start = end + HEAD_END.length;
  const mayHaveBody = method !== "GET" && method !== "HEAD";
  if (length !== -1 && (!mayHaveBody || length > INLINE_BODY_BYTES)) return null;
  if (bytes.length - start !== Math.max(0, length)) return null;
  return {
    method,
    url,
    rawHeaders,
    body: length === -1 ? null : new Uint8Array(bytes.subarray(start)),
    isLast,
  };
}

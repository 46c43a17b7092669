/** An HTTP/1.1 answer that is whole. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const BODYLESS: ReadonlySet<number> = new Set([204, 304]);
const HEAD_END = "\r\n\r\n";

/**
 * Puts one answer together from the pieces of a connection on which one request at a time is under way. It knows as
 * much of HTTP as the servers here say: lengths and chunks.
 */
export class AnswerReader {
  #text = "";

  /** Takes the next piece, in Latin-1. @returns The answer once it is whole. */
  push(piece: string): Answer | null {
    this.#text += piece;
    const end = this.#text.indexOf(HEAD_END);
    if (end === -1) return null;
    const head = this.#text.slice(0, end);
    const rest = this.#text.slice(end + HEAD_END.length);
    const status = Number(head.slice(9, 12));
    const length = BODYLESS.has(status) ? "0" : /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    const body = length === undefined ? unchunk(rest) : rest.length < Number(length) ? null : rest;
    if (body === null) return null;
    this.#text = "";
    return { status, body };
  }
}

function unchunk(text: string): string | null {
  let body = "";
  for (let at = 0; ;) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd === -1) return null;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (text.length < end + 2) return null;
    if (size === 0) return body;
    body += text.slice(lineEnd + 2, end);
    at = end + 2;
  }
}

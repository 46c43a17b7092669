import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { HEADER_NAME } from "../cache/flat-headers.ts";
import type { EdgeResponse } from "../dispatch/edge.ts";
import { readResponseHead } from "./response-head.ts";

/** What a value may hold so that it goes out as it is, whatever the body: RFC 9110, 5.5. */
const VALUE = /^[\t\x20-\x7e]*$/;
/** Heads that are remembered, as most workers give few; and the longest of them, in characters. */
const REMEMBERED = 500;
const MEMORABLE_CHARS = 1_024;

/** The lines of a head, status line included; empty where the head is not plain. */
const known = new Map<string, string>();
let dateS = 0;
let dateLine = "";

/**
 * Writes an answer whose body is whole and goes out as it is, head and body in one call of the system.
 *
 * @param endOfHead last lines of the head: what becomes of the connection
 * @returns null where the answer is not of this kind, and nothing was written; else what `socket.write` gave
 */
export function writePlainAnswer(socket: Socket, answer: EdgeResponse, endOfHead: string): boolean | null {
  const { status, body } = answer;
  if (body instanceof ReadableStream || status < 200 || status > 599) return null;
  if (status === 204 || status === 205 || status === 304) return null;
  const lines = headLines(answer);
  if (lines === "") return null;
  const text = typeof body === "string" ? body : "";
  const length = body instanceof Uint8Array ? body.length : Buffer.byteLength(text);
  const head = `${lines}content-length: ${length}\r\n${dateNow()}${endOfHead}\r\n`;
  if (body instanceof Uint8Array && length > 0) {
    // Corked, they leave in one call of the system.
    socket.cork();
    socket.write(head, "latin1");
    const hasRoom = socket.write(body);
    socket.uncork();
    return hasRoom;
  }
  // A text of as many bytes as units is ASCII, as the head is.
  return socket.write(head + text, length === text.length ? "latin1" : "utf8");
}

function headLines(answer: EdgeResponse): string {
  const { status, statusText, headers, isPlain } = answer;
  // Nothing in it can be taken for another part: what one worker answers must not be found for another's.
  const key = `${isPlain === true ? "plain" : "coded"} ${status} ${statusText.length} ${statusText}\n${headers}`;
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const lines = makeLines(answer);
  if (key.length > MEMORABLE_CHARS) return lines;
  if (known.size >= REMEMBERED) known.clear();
  known.set(key, lines);
  return lines;
}

function makeLines({ status, statusText, headers, isPlain }: EdgeResponse): string {
  if (!Number.isInteger(status) || !VALUE.test(statusText)) return "";
  const { raw, contentEncoding } = readResponseHead(headers);
  if (isPlain === true && contentEncoding !== "") return "";
  let lines = `HTTP/1.1 ${status} ${statusText === "" ? (STATUS_CODES[status] ?? "") : statusText}\r\n`;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    // A worker's own date would stand beside ours.
    if (!HEADER_NAME.test(name) || !VALUE.test(raw[i + 1]!) || name.toLowerCase() === "date") return "";
    lines += `${name}: ${raw[i + 1]!}\r\n`;
  }
  return lines;
}

/** The line that says when an answer was sent, as RFC 9110, 6.6.1 has it. */
function dateNow(): string {
  const nowMs = Date.now();
  const nowS = Math.floor(nowMs / 1_000);
  if (nowS !== dateS) {
    dateS = nowS;
    dateLine = `Date: ${new Date(nowMs).toUTCString()}\r\n`;
  }
  return dateLine;
}

import { stringCharCodeAt, stringSlice } from "../primordials/string.ts";

/**
 * Where the parts of a plain http(s) URL end. "Plain" means that parsing changes nothing but a missing
 * `/`: lower case host name of ASCII letters, no credentials, no default port, nothing to escape, no dot
 * segments. Everything else is left to a full parser, so a doubt costs time and never correctness.
 */
export interface ScannedUrl {
  readonly href: string;
  /** 5 for `http:`, 6 for `https:`. */
  readonly protocolEnd: number;
  readonly hostnameEnd: number;
  /** With the port. */
  readonly hostEnd: number;
  readonly pathEnd: number;
  /** With the `?`. */
  readonly searchEnd: number;
}

const HOST = 1;
const PATH = 2;
const QUERY = 4;
const HASH = 8;
/** What each ASCII character may stand in unchanged. */
const CLASS = new Uint8Array(128);

function mark(characters: string, bits: number): void {
  for (let i = 0; i < characters.length; i++) CLASS[stringCharCodeAt(characters, i)]! |= bits;
}
mark("abcdefghijklmnopqrstuvwxyz0123456789-.", HOST | PATH | QUERY | HASH);
mark("ABCDEFGHIJKLMNOPQRSTUVWXYZ_~!$&()*+,;=:@%/[]", PATH | QUERY | HASH);
mark("'", PATH | HASH);
mark("?", QUERY | HASH);

const [COLON, SLASH, DOT, DASH, PERCENT, QUESTION, NUMBER] = [0x3a, 0x2f, 0x2e, 0x2d, 0x25, 0x3f, 0x23];
/** Beyond this a host is left to the full parser, which knows what is too long. */
const LONGEST_HOST = 200;

/** Reads a plain absolute URL; undefined where it is not plain, whether valid or not. */
export function scanUrl(input: string): ScannedUrl | undefined {
  const length = input.length;
  if (length < 8 || stringCharCodeAt(input, 0) !== 0x68 || stringCharCodeAt(input, 1) !== 0x74)
    return undefined;
  if (stringCharCodeAt(input, 2) !== 0x74 || stringCharCodeAt(input, 3) !== 0x70) return undefined;
  const protocolEnd = stringCharCodeAt(input, 4) === 0x73 ? 6 : 5;
  if (stringCharCodeAt(input, protocolEnd - 1) !== COLON) return undefined;
  if (stringCharCodeAt(input, protocolEnd) !== SLASH || stringCharCodeAt(input, protocolEnd + 1) !== SLASH)
    return undefined;
  const hostnameEnd = scanHost(input, protocolEnd + 2);
  if (hostnameEnd < 0) return undefined;
  let hostEnd = hostnameEnd;
  if (hostEnd < length && stringCharCodeAt(input, hostEnd) === COLON) {
    hostEnd = scanPort(input, hostEnd + 1, protocolEnd === 6 ? 443 : 80);
    if (hostEnd < 0) return undefined;
  }
  const rest = hostEnd < length ? stringCharCodeAt(input, hostEnd) : 0;
  if (hostEnd < length && rest !== SLASH && rest !== QUESTION && rest !== NUMBER) return undefined;
  // The path of a special URL is never empty.
  const href = rest === SLASH ? input : `${stringSlice(input, 0, hostEnd)}/${stringSlice(input, hostEnd)}`;
  const pathEnd = scanPath(href, hostEnd);
  if (pathEnd < 0) return undefined;
  let searchEnd = pathEnd;
  if (searchEnd < href.length && stringCharCodeAt(href, searchEnd) === QUESTION) {
    searchEnd = scanRun(href, searchEnd + 1, QUERY);
  }
  if (searchEnd < href.length) {
    if (stringCharCodeAt(href, searchEnd) !== NUMBER) return undefined;
    if (scanRun(href, searchEnd + 1, HASH) < href.length) return undefined;
  }
  return { href, protocolEnd, hostnameEnd, hostEnd, pathEnd, searchEnd };
}

/** Position behind the run of characters that are of a class. */
function scanRun(text: string, from: number, bits: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const unit = stringCharCodeAt(text, i);
    if (unit > 0x7f || ((CLASS[unit] as number) & bits) === 0) break;
  }
  return i;
}

/** End of a host name that IDNA and the IPv4 parser leave alone; -1 where in doubt. */
function scanHost(text: string, from: number): number {
  let i = from;
  let labelStart = from;
  for (; i < text.length; i++) {
    const unit = stringCharCodeAt(text, i);
    if (unit > 0x7f || ((CLASS[unit] as number) & HOST) === 0) break;
    if (unit === DOT) {
      if (i === labelStart) return -1;
      labelStart = i + 1;
    } else if (unit === DASH && i > labelStart && stringCharCodeAt(text, i - 1) === DASH) {
      // Perhaps `xn--`.
      return -1;
    }
  }
  if (i === labelStart || i - from > LONGEST_HOST) return -1;
  // A last label that begins with a digit may be an IPv4 address in one of its odd forms.
  return stringCharCodeAt(text, labelStart) <= 0x39 && stringCharCodeAt(text, labelStart) >= 0x30 ? -1 : i;
}

function scanPort(text: string, from: number, standard: number): number {
  let port = 0;
  let i = from;
  for (; i < text.length && i < from + 6; i++) {
    const digit = stringCharCodeAt(text, i) - 0x30;
    if (digit < 0 || digit > 9) break;
    port = port * 10 + digit;
  }
  if (i === from || port > 65_535 || port === standard || stringCharCodeAt(text, from) === 0x30) return -1;
  return i;
}

/** End of a path without dot segments; -1 where there may be one. */
function scanPath(text: string, from: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const unit = stringCharCodeAt(text, i);
    if (unit > 0x7f || ((CLASS[unit] as number) & PATH) === 0) break;
    if (unit === SLASH) {
      if (i + 1 >= text.length) continue;
      const next = stringCharCodeAt(text, i + 1);
      if (next === DOT && dotsOnly(text, i + 2)) return -1;
    } else if (unit === PERCENT && i + 2 < text.length && stringCharCodeAt(text, i + 1) === 0x32) {
      // `%2e` counts as a dot.
      const second = stringCharCodeAt(text, i + 2);
      if (second === 0x65 || second === 0x45) return -1;
    }
  }
  if (i < text.length) {
    const end = stringCharCodeAt(text, i);
    if (end !== QUESTION && end !== NUMBER) return -1;
  }
  return i;
}

/** Whether a segment that began with a dot may be `.` or `..`. */
function dotsOnly(text: string, at: number): boolean {
  if (at >= text.length) return true;
  const unit = stringCharCodeAt(text, at);
  return unit === SLASH || unit === DOT || unit === QUESTION || unit === NUMBER;
}

import { HEADER_NAME, HEADER_VALUE } from "../cache/flat-headers.ts";
import { readRuleUrl } from "./rule-url.ts";

/** Rules and characters of a line that Cloudflare takes. */
const MAX_RULES = 100;
const MAX_LINE_CHARS = 2_000;
/** What the host bears: Cloudflare has no such limits. */
const MAX_LINES = 10_000;
const MAX_HEADERS_OF_RULE = 100;
/** They belong to the message, and would break it. */
const FRAMING = new Set(["content-length", "transfer-encoding", "connection", "content-range"]);

/** What the answers of some paths get, and lose. */
export interface HeaderRule {
  readonly path: string;
  /** Names in lower case. */
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly unset: readonly string[];
}

/** Rules of a file, and what is wrong with lines that have no effect. */
export interface ParsedHeaders {
  readonly rules: readonly HeaderRule[];
  readonly problems: readonly string[];
}

/**
 * Reads a `_headers` file.
 * @see https://developers.cloudflare.com/workers/static-assets/headers/
 */
export function parseHeaders(text: string): ParsedHeaders {
  const rules = new Map<string, HeaderRule>();
  const problems: string[] = [];
  let path: string | null = null;
  let skipping = false;
  let set = new Map<string, string>();
  let unset: string[] = [];
  let pathLine = 0;
  let lines = 0;
  const problem = (line: number, what: string): unknown => problems.push(`_headers:${line}: ${what}`);
  const endRule = (): void => {
    if (path === null) return;
    if (set.size === 0 && unset.length === 0) problem(pathLine, `no headers follow ${path}`);
    // The last one of a path holds, in the place of the first.
    else rules.set(path, { path, set: [...set], unset });
    path = null;
  };
  for (const [index, raw] of text.split("\n").entries()) {
    const number = index + 1;
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (++lines > MAX_LINES) {
      problem(number, `there are more than ${MAX_LINES} lines; what follows has no effect`);
      break;
    }
    if (line.length > MAX_LINE_CHARS) {
      problem(number, `the line has more than ${MAX_LINE_CHARS} characters`);
    } else if (/^(?:\S+:\/\/|\/)/.test(line)) {
      endRule();
      if (rules.size >= MAX_RULES) {
        problem(number, `there are more than ${MAX_RULES} rules; what follows has no effect`);
        break;
      }
      const read = readPath(line);
      skipping = "problem" in read;
      if ("problem" in read) problem(number, read.problem);
      else [path, pathLine, set, unset] = [read.url, number, new Map(), []];
    } else if (!skipping) {
      const wrong = readHeader(line, path, set, unset);
      if (wrong !== null) problem(number, wrong);
    }
  }
  endRule();
  return { rules: [...rules.values()], problems };
}

function readPath(line: string): { readonly url: string } | { readonly problem: string } {
  const read = readRuleUrl(line, { noPort: true });
  if ("problem" in read) return read;
  const splats = read.url.split("*").length - 1;
  if (splats > 1) return { problem: `${line} has more than one "*"; use :placeholders` };
  if (splats > 0 && /:splat(?!\w)/.test(read.url))
    return { problem: `${line} has "*" and ":splat", which mean the same` };
  return read;
}

/** @returns what is wrong with the line, or null */
function readHeader(
  line: string,
  path: string | null,
  set: Map<string, string>,
  unset: string[],
): string | null {
  if (path === null) return "a path that begins with / must come before headers";
  const isFull = set.size + unset.length >= MAX_HEADERS_OF_RULE;
  const tooMany = `there are more than ${MAX_HEADERS_OF_RULE} headers for ${path}`;
  if (!line.includes(":")) {
    if (!line.startsWith("! ")) return 'expected "name: value"';
    if (isFull) return tooMany;
    unset.push(line.slice(2).trim().toLowerCase());
    return null;
  }
  const name = line.slice(0, line.indexOf(":")).trim().toLowerCase();
  const value = line.slice(line.indexOf(":") + 1).trim();
  if (!HEADER_NAME.test(name)) return `${JSON.stringify(name)} is no name of a header`;
  if (value === "") return `${name} has no value`;
  if (!HEADER_VALUE.test(value)) return `the value of ${name} has characters that a header cannot carry`;
  if (FRAMING.has(name)) return `${name} belongs to the message and cannot be set`;
  const before = set.get(name);
  if (before === undefined && isFull) return tooMany;
  set.set(name, before === undefined ? value : `${before}, ${value}`);
  return null;
}

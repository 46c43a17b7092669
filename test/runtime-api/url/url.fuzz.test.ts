import { test } from "uvu";
import * as assert from "uvu/assert";
import { URL_PARTS } from "../../../runtime-api/contract/sync.ts";
import { scanUrl } from "../../../runtime-api/url/scan.ts";
import { URL as OwnURL } from "../../../runtime-api/url/url.ts";
import { standInIo } from "../stand-in-io.ts";

/** A small generator of reproducible numbers (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const SCHEMES = [
  "http://",
  "https://",
  "http://",
  "https://",
  "https://",
  "HTTP://",
  "http:/",
  "http:",
  "ftp://",
  "ws://",
  "mailto:",
  "data:",
  "http:\\\\",
  " https://",
  "",
  "//",
  "/",
];
const HOSTS = [
  "a",
  "example.com",
  "sub.example.com",
  "localhost",
  "a-b.c",
  "a.b-",
  "-a.b",
  "1.2.3.4",
  "1.2",
  "0x7f.1",
  "a.1",
  "a.0x1",
  "a.09",
  "1a.b",
  "b.1a",
  "a..b",
  ".a",
  "a.",
  "xn--a.b",
  "xn--mnchen-3ya.de",
  "a--b.c",
  "ab--cd.e",
  "münchen.de",
  "[::1]",
  "[::1",
  "EXAMPLE.com",
  "a_b.c",
  "a%41.b",
  "u:p@h.x",
  "u@h.x",
  "",
  "a b",
  "a*b",
  "a,b",
  "~",
  "x".repeat(63) + ".y",
  "x".repeat(64) + ".y",
  "x.".repeat(120) + "y",
];
const PORTS = [
  "",
  "",
  "",
  "",
  ":80",
  ":443",
  ":8080",
  ":0",
  ":00",
  ":08",
  ":65535",
  ":65536",
  ":",
  ":8a",
  ":99999999",
  ":-1",
];
const PIECES = [
  "/",
  "/a",
  "/b.c",
  "/.",
  "/..",
  "/...",
  "/.x",
  "/..x",
  "/%2e",
  "/%2E%2e",
  "/.%2e",
  "/%2",
  "/%",
  "/%zz",
  "/a%20b",
  "//",
  "/;x=1",
  "/@:",
  "/|",
  "/^",
  "/`",
  "/{}",
  '/"',
  "/'",
  "/<>",
  "/\\",
  "/é",
  "/\u{1f600}",
  "/\ud800",
  "/ ",
  "/\t",
  "/\n",
  "/~_-",
  "/[]",
  "/$&()*+,!=",
  "/C:",
  "/C|/..",
  "/a.",
  "/.a/.",
];
const TAILS = [
  "",
  "",
  "",
  "?",
  "?a=b",
  "?a=b&c=d+e%20f",
  "?'",
  '?"',
  "?`",
  "?{}|\\^",
  "?é",
  "?<>",
  "??",
  "?/..",
  "?[]",
  "#",
  "#x",
  "#'",
  '#"',
  "#`",
  "#{}",
  "#?#",
  "##",
  "?#",
  "?a#b",
  "?a b#c d",
  "#é",
  "?%",
  "#%zz",
  " ",
  "\t",
];
const NOISE = "abz019.-_~!$&'()*+,;=:@/?#[]%2eE \\|^`{}<>\"\t\né\ud800";

const NEAR_HOSTS = [
  "a",
  "example.com",
  "sub.example.com",
  "a-b.c",
  "a1.b2",
  "1a.b",
  "a.b1",
  "a.1b",
  "a.b-",
  "x-1.y",
];
const NEAR_PIECES = [
  "/",
  "/a",
  "/b.c",
  "/...",
  "/.x",
  "/a%20b",
  "/~_-",
  "/$&()*+,!=",
  "/@:",
  "/a.",
  "/;x=1",
  "/%2",
  "/%zz",
  "//",
  "/'",
  "/[]",
];
const NEAR_TAILS = [
  "",
  "",
  "?",
  "?a=b",
  "?a=b&c=d+e%20f",
  "??",
  "?/..",
  "?[]",
  "#",
  "#x",
  "#'",
  "#?",
  "?#",
  "?a#b",
  "?%",
  "#%zz",
];

/** A URL: every second one odd in several ways, the others nearly plain, so that the fast path is met. */
function candidate(next: (below: number) => number): string {
  const of = (list: readonly string[]): string => list[next(list.length)] as string;
  const near = next(2) === 0;
  let text = near ? (next(2) === 0 ? "https://" : "http://") + of(NEAR_HOSTS) : of(SCHEMES) + of(HOSTS);
  text += near && next(4) > 0 ? "" : of(PORTS);
  for (let n = next(4); n > 0; n--) text += of(near ? NEAR_PIECES : PIECES);
  text += of(near ? NEAR_TAILS : TAILS);
  if (next(4) === 0) {
    const at = next(text.length + 1);
    text = text.slice(0, at) + NOISE[next(NOISE.length)] + text.slice(at + next(2));
  }
  return text;
}

test("scanUrl() never disagrees with Node's URL on 100,000 inputs", () => {
  const next = random(20_260_901);
  let taken = 0;
  for (let i = 0; i < 100_000; i++) {
    const input = candidate(next);
    const plain = scanUrl(input);
    if (plain === undefined) continue;
    taken++;
    const node = URL.parse(input);
    const { href, protocolEnd, hostnameEnd, hostEnd, pathEnd, searchEnd } = plain;
    const search = href.slice(pathEnd, searchEnd);
    const hash = href.slice(searchEnd);
    const own = [
      href,
      href.slice(0, protocolEnd),
      href.slice(protocolEnd + 2, hostnameEnd),
      href.slice(hostnameEnd + 1, hostEnd),
      href.slice(hostEnd, pathEnd),
      search === "?" ? "" : search,
      hash === "#" ? "" : hash,
    ].join("\n");
    const theirs =
      node === null
        ? "refused"
        : [node.href, node.protocol, node.hostname, node.port, node.pathname, node.search, node.hash].join(
            "\n",
          );
    if (own !== theirs) assert.unreachable(`${JSON.stringify(input)}\n${own}\n${theirs}`);
  }
  assert.ok(taken > 5_000, `only ${taken} inputs took the fast path`);
});

function show(make: () => URL | OwnURL): string {
  try {
    const url = make();
    return URL_PARTS.map((part) => url[part]).join("\n");
  } catch {
    return "refused";
  }
}

test("URL resolves against a base as Node's does, on 20,000 pairs", () => {
  standInIo();
  const next = random(7);
  for (let i = 0; i < 20_000; i++) {
    const base = candidate(next);
    const input =
      next(3) === 0
        ? candidate(next)
        : (PIECES[next(PIECES.length)] as string) + (TAILS[next(TAILS.length)] as string);
    const own = show(() => new OwnURL(input, base));
    const theirs = show(() => new URL(input, base));
    if (own !== theirs) assert.unreachable(`${JSON.stringify([input, base])}\n${own}\n\n${theirs}`);
  }
});

test("URL setters do as Node's do, on 20,000 changes", () => {
  standInIo();
  const next = random(99);
  const settable = [
    "protocol",
    "username",
    "password",
    "host",
    "hostname",
    "port",
    "pathname",
    "search",
    "hash",
  ] as const;
  const values = [...PIECES, ...TAILS, ...HOSTS, "", "x", "x=1&y=2", "8080", "ftp", "http", "https:"];
  for (let i = 0; i < 20_000; i++) {
    const input = next(2) === 0 ? "https://example.com/a/b?c=d#e" : candidate(next);
    if (!URL.canParse(input)) continue;
    const part = settable[next(settable.length)] as (typeof settable)[number];
    const value = values[next(values.length)] as string;
    const change = <T extends URL | OwnURL>(url: T): T => {
      url[part] = value;
      if (part === "search") void url.searchParams.size;
      return url;
    };
    const own = show(() => change(new OwnURL(input)));
    const theirs = show(() => change(new URL(input)));
    if (own !== theirs) assert.unreachable(`${JSON.stringify([input, part, value])}\n${own}\n\n${theirs}`);
  }
});

test("URL.searchParams writes through to the URL as Node's do, on 10,000 changes", () => {
  standInIo();
  const next = random(5);
  for (let i = 0; i < 10_000; i++) {
    const input = next(2) === 0 ? "https://example.com/a?c=d&c=e#f" : candidate(next);
    if (!URL.canParse(input)) continue;
    const name = ["c", "a b", "é", "", "%2b+", "\ud800", "😀&="][next(7)] as string;
    const value = ["1", "x y", "~*-._", "ü", "'\"<>"][next(5)] as string;
    const method = next(4);
    const change = <T extends URL | OwnURL>(url: T): T => {
      if (method === 0) url.searchParams.append(name, value);
      else if (method === 1) url.searchParams.set(name, value);
      else if (method === 2) url.searchParams.delete(name);
      else url.searchParams.sort();
      return url;
    };
    const own = show(() => change(new OwnURL(input)));
    const theirs = show(() => change(new URL(input)));
    if (own !== theirs)
      assert.unreachable(`${JSON.stringify([input, method, name, value])}\n${own}\n\n${theirs}`);
  }
});

test.run();

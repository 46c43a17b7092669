import { test } from "uvu";
import * as assert from "uvu/assert";
import { setIo } from "../../../runtime-api/io/io.ts";
import { URLPattern } from "../../../runtime-api/url-pattern/url-pattern.ts";
import { standInIo } from "../stand-in-io.ts";
import { ofKind } from "../../of-kind.ts";

const NodePattern = (globalThis as unknown as { URLPattern: typeof URLPattern }).URLPattern;
setIo(standInIo().io);

const NAMES = ["protocol", "username", "password", "hostname", "port", "pathname", "search", "hash"] as const;

/** Arguments of the constructor. */
const PATTERNS: unknown[][] = [
  [],
  [{}],
  [null],
  [{ pathname: "/a/:b" }],
  [{ pathname: "/a/:b(\\d+)?" }],
  [{ pathname: "/a/{:b}-suffix" }],
  [{ pathname: "/a/{x:b}*" }],
  [{ pathname: "/:a:b" }],
  [{ pathname: "/:a/:a" }],
  [{ pathname: "/*/x/*" }],
  [{ pathname: "/{a}?{b}+" }],
  [{ pathname: "/é ü" }],
  [{ pathname: "a/../b", baseURL: "https://x.example/c/d?e#f" }],
  [{ pathname: "rel", protocol: "data" }],
  [{ pathname: "/(" }],
  [{ pathname: "/{a" }],
  [{ pathname: "/(a(b))" }],
  [{ pathname: "/(a(?:b))" }],
  [{ pathname: "/([)" }],
  [{ pathname: "\\" }],
  [{ pathname: "/:" }],
  [{ protocol: "http{s}?", port: "443" }],
  [{ protocol: "https:", port: "443" }],
  [{ protocol: "caf\u00e9" }],
  [{ hostname: ":sub.example.com" }],
  [{ hostname: "*.EXAMPLE.com" }],
  [{ hostname: "[::AB]" }],
  [{ hostname: "[:xyz]" }],
  [{ hostname: "b\u00fccher.example" }],
  [{ hostname: "bad|host" }],
  [{ port: "80x" }],
  [{ port: "x" }],
  [{ search: "?a=:b" }],
  [{ hash: "#x y" }],
  [{ username: "u:ser", password: "pass word" }],
  [{ baseURL: "https://u:p@x.example:81/a?b#c" }],
  [{ baseURL: "nonsense" }],
  ["https://example.com/:a?b=*#c"],
  ["https://example.com:8080/*"],
  ["http{s}?://{*.}?example.com/books/:id"],
  ["https://u:p@example.com"],
  ["data\\:text/:x"],
  ["/a/:b", "https://example.com/x?y"],
  ["?q=:q", "https://example.com/x?y#z"],
  ["#h", "https://example.com/x?y#z"],
  ["/a"],
  [":a://:b/:c"],
  ["https://[::1]/"],
  [{ pathname: "/A/:b" }, { ignoreCase: true }],
  ["/A", "https://example.com", { ignoreCase: true }],
  [{ pathname: "/a" }, "https://example.com"],
  [{}, null],
  [{}, undefined],
  ["https://example.com", "nonsense"],
];

/** Arguments of `test` and `exec`. */
const INPUTS: unknown[][] = [
  [],
  ["https://example.com/a/7?b=1#c"],
  ["https://www.example.com/books/12"],
  ["http://example.com/A/x"],
  ["https://example.com:8080/a/b/c"],
  ["https://u:p@example.com/"],
  ["https://xn--bcher-kva.example/%C3%A9%20%C3%BC"],
  ["data:text/plain"],
  ["/a/b", "https://example.com"],
  ["/a/b", "nonsense"],
  [{ pathname: "/a/b" }],
  [{ pathname: "/a/x1-suffix" }],
  [{ pathname: "b", baseURL: "https://x.example/c/d?e#f" }],
  [{ hostname: "[::ab]" }],
  [{ hostname: "shop.example.com", port: "443", protocol: "https" }],
  [{ port: "99999" }],
  [{ search: "?a=1" }],
  [{ baseURL: "nonsense" }],
  [{ pathname: "/a" }, "https://example.com"],
];

function outcome<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    return (error as Error).name;
  }
}

function look(Class: typeof URLPattern, args: unknown[]): unknown {
  return outcome(() => {
    const pattern = new Class(...(args as []));
    return {
      texts: NAMES.map((name) => pattern[name]),
      regexp: pattern.hasRegExpGroups,
      found: INPUTS.map((input) => [
        outcome(() => pattern.test(...(input as []))),
        JSON.stringify(outcome(() => sorted(pattern.exec(...(input as []))))),
      ]),
    };
  });
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, sorted(member)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test("URLPattern does what Node's does", () => {
  for (const args of PATTERNS)
    assert.equal(look(URLPattern, args), look(NodePattern, args), JSON.stringify(args));
});

test("URLPattern.exec() names what it found in the order of the alphabet, whatever the names are", () => {
  const result = new URLPattern({ pathname: "/:__proto__/:constructor" }).exec({ pathname: "/a/b" });
  assert.equal(Object.keys(result!), [
    "hash",
    "hostname",
    "inputs",
    "password",
    "pathname",
    "port",
    "protocol",
    "search",
    "username",
  ]);
  assert.equal(Object.entries(result!.pathname.groups), [
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
});

test("URLPattern matches no text that is no URL", () => {
  assert.is(new URLPattern().test("nonsense"), false);
  assert.is(new URLPattern().exec("nonsense"), null);
});

test("URLPattern's methods go by the brand", () => {
  const { exec, test: testUrl } = URLPattern.prototype;
  for (const run of [() => exec.call({} as never, ""), () => testUrl.call({} as never, "")])
    assert.throws(run, ofKind(TypeError));
  assert.throws(() => Reflect.get(URLPattern.prototype, "pathname"), ofKind(TypeError));
});

test("URLPattern reads an object's members once each, in the order of the alphabet", () => {
  const read: string[] = [];
  const init = new Proxy(
    { pathname: "/x" },
    { get: (target, key) => (read.push(String(key)), Reflect.get(target, key)) },
  );
  void new URLPattern(init);
  assert.equal(read, read.toSorted());
  assert.is(new Set(read).size, read.length);
});

test("URLPattern takes long patterns and deep groups without recursion", () => {
  const long = "/x".repeat(100_000);
  assert.is(new URLPattern({ pathname: long }).pathname.length, long.length);
  assert.throws(() => new URLPattern({ pathname: "(?:".repeat(100_000) }), ofKind(TypeError));
  assert.throws(() => new URLPattern({ pathname: "{".repeat(100_000) }), ofKind(TypeError));
});

test.run();

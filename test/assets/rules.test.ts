import { test } from "uvu";
import * as assert from "uvu/assert";
import { Effort, EffortSpent } from "../../src/assets/effort.ts";
import { parseHeaders } from "../../src/assets/parse-headers.ts";
import { parseRedirects } from "../../src/assets/parse-redirects.ts";
import { fillIn, RulePattern } from "../../src/assets/rule-pattern.ts";
import { acceptsEncoding } from "../../src/assets/compressed-form.ts";

function captures(pattern: string, text: string): Record<string, string> | null {
  const found = RulePattern.parse(pattern)?.match(text, new Effort(1_000));
  return found === null || found === undefined ? null : Object.fromEntries(found);
}

test("RulePattern takes as much as it can for each placeholder, and never a slash", () => {
  const cases: readonly [pattern: string, text: string, found: Record<string, string> | null][] = [
    ["/a", "/a", {}],
    ["/a", "/a/", null],
    ["/*", "/", { splat: "" }],
    ["/a/*", "/a/b/c", { splat: "b/c" }],
    ["/a/*", "/a", null],
    ["/*/z", "/a/b/z", { splat: "a/b" }],
    ["/*.png", "/a.png/b.png", { splat: "a.png/b" }],
    ["/:x", "/a", { x: "a" }],
    ["/:x", "/", null],
    ["/:x", "/a/b", null],
    ["/:x-:y", "/a-b-c", { x: "a-b", y: "c" }],
    ["/:x/:y.html", "/a/b.html.html", { x: "a", y: "b.html" }],
    ["/:x:y", "/abc", { x: "ab", y: "c" }],
    ["/:a/*", "/b/c/d", { a: "b", splat: "c/d" }],
    ["https://:sub.test/*", "https://a.test/x", { sub: "a", splat: "x" }],
    ["https://:sub.test/*", "https://a.b.test/x", null],
    ["/a.b", "/axb", null],
    ["/:a/:a", "/x/x", null],
    ["/*/*", "/x/x", null],
  ];
  for (const [pattern, text, found] of cases)
    assert.equal(captures(pattern, text), found, `${pattern} ${text}`);
});

test("RulePattern does what a regular expression would, for all short texts", () => {
  const patterns = ["/:a-:b-*", "/*-:a", "/:a/b:b", "/:a*:b", "/-:a-/-*"];
  const texts = [""];
  for (let length = 0; length < 5; length++)
    texts.push(
      ...texts
        .filter((text) => text.length === length)
        .flatMap((text) => ["a", "b", "-", "/"].map((c) => text + c)),
    );
  for (const pattern of patterns) {
    const source = pattern.replaceAll("*", "(?<splat>.*)").replaceAll(/:([ab])/g, "(?<$1>[^/]+)");
    const expression = new RegExp(`^${source}$`);
    for (const text of texts) {
      const expected = expression.exec(`/${text}`);
      const found = captures(pattern, `/${text}`);
      assert.equal(found, expected === null ? null : sorted(expected.groups!, found), `${pattern} /${text}`);
    }
  }
});

/** The same in the order of another one. */
function sorted(groups: Record<string, string>, like: Record<string, string> | null): Record<string, string> {
  return Object.fromEntries(Object.keys(like ?? groups).map((name) => [name, groups[name]!]));
}

test("RulePattern gives up where a pattern is made to take for ever", () => {
  const pattern = RulePattern.parse(`/${Array.from({ length: 40 }, (_, n) => `:a${n}-`).join("")}x`)!;
  assert.throws(
    () => pattern.match(`/${"-a".repeat(2_000)}`, new Effort(10_000)),
    (error: unknown) => error instanceof EffortSpent,
  );
});

test("fillIn puts values in once, and never makes a text too long", () => {
  const values = new Map([
    ["a", ":b"],
    ["b", "x"],
    ["splat", "p/q"],
  ]);
  assert.is(fillIn("/:a/:b/:splat_old/:none", values), "/:b/x/p/q_old/:none");
  assert.is(fillIn(":long".repeat(400), new Map([["long", "x".repeat(4_000)]])), null);
});

test("parseHeaders reads rules, and names lines that have no effect", () => {
  const { rules, problems } = parseHeaders(`
# comment
/a b/*
  X-One: 1
  x-one: 2
  ! ETag
https://:sub.test/x?y
  X-Two: a: b
no path
/empty
/*/*
  X-Lost: 1
https://a.test:8080/x
X Bad: 1
/bad
  X Bad: 1
  X-Empty:
  Content-Length: 5
  X-Control: a\u0001b
  word
`);
  assert.equal(rules, [
    { path: "/a%20b/*", set: [["x-one", "1, 2"]], unset: ["etag"] },
    { path: "https://:sub.test/x", set: [["x-two", "a: b"]], unset: [] },
  ]);
  assert.equal(
    problems.map((problem) => problem.slice(0, problem.indexOf(" "))),
    [9, 10, 11, 13, 16, 17, 18, 19, 20, 15].map((line) => `_headers:${line}:`),
  );
  const many = parseHeaders(
    "/a\n a: b\n".repeat(3) + Array.from({ length: 120 }, (_, n) => `/${n}\n a: b`).join("\n"),
  );
  assert.is(many.rules.length, 100);
  assert.match(many.problems.at(-1)!, /more than 100 rules/);
  assert.match(parseHeaders(`/${"x".repeat(2_000)}`).problems[0]!, /more than 2000 characters/);
});

test("parseRedirects reads rules, and names lines that have no effect", () => {
  const { fixed, dynamic, problems } = parseRedirects(
    `
/a /b # comment
c /d#part 301
/x/* /y/:splat 200
/late /z
/a /again
/one
/a b c d
https://x.test/ /y
/e http://x.test/
/f /g 404
/g https://x.test/ 200
/h/* /index.html
/ /index
`,
    "auto-trailing-slash",
  );
  assert.equal(
    [...fixed.values()],
    [
      { from: "/a", to: "/b", status: 302 },
      { from: "/c", to: "/d#part", status: 301 },
    ],
  );
  assert.equal(dynamic, [
    { from: "/x/*", to: "/y/:splat", status: 200 },
    { from: "/late", to: "/z", status: 302 },
  ]);
  assert.equal(
    problems.map((problem) => problem.slice(0, problem.indexOf(" "))),
    [6, 7, 8, 9, 10, 11, 12, 13, 14].map((line) => `_redirects:${line}:`),
  );
  assert.is(parseRedirects("/ /index", "none").fixed.size, 1);
  const lines = (count: number, text: (n: number) => string): string =>
    Array.from({ length: count }, (_, n) => text(n)).join("\n");
  const many = parseRedirects(
    `${lines(2_010, (n) => `/${n} /x`)}\n${lines(110, (n) => `/${n}/* /x`)}`,
    "none",
  );
  assert.equal([many.fixed.size, many.dynamic.length, many.problems.length], [2_000, 100, 2]);
});

test("acceptsEncoding reads Accept-Encoding with its weights", () => {
  for (const header of ["br", "gzip, BR", "br;q=0.5", "*", "gzip;q=1, *;q=0.1"])
    assert.ok(acceptsEncoding(header, "br"), header);
  for (const header of ["", "gzip", "br;q=0", "br; q=0.000", "*;q=0", "brotli"])
    assert.not.ok(acceptsEncoding(header, "br"), header);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseRoute } from "../../src/route/parse-route.ts";
import { InvalidRoute } from "../../src/route/invalid-route.ts";
import { RouteTable } from "../../src/route/route-table.ts";

function table(...patterns: string[]): RouteTable<string> {
  return RouteTable.from(patterns.map((pattern) => ({ pattern, target: pattern })));
}

test("parseRoute() takes a pattern apart", () => {
  assert.equal(parseRoute("HTTPS://*.Example.com/api/*"), {
    scheme: "https",
    hostMatch: "below",
    host: "example.com",
    path: "/api/",
    prefix: true,
  });
  assert.equal(parseRoute("*example.com/"), {
    scheme: null,
    hostMatch: "at-or-below",
    host: "example.com",
    path: "/",
    prefix: false,
  });
  assert.equal(parseRoute("example.com"), {
    scheme: null,
    hostMatch: "exact",
    host: "example.com",
    path: "/",
    prefix: false,
  });
  assert.equal(parseRoute("*/*").hostMatch, "any");
  assert.equal(parseRoute("{version}-shop.example.com/*"), {
    scheme: null,
    hostMatch: "version",
    host: "shop.example.com",
    path: "/",
    prefix: true,
  });
  assert.is(parseRoute("bücher.example/*").host, "xn--bcher-kva.example");
  assert.is(parseRoute("[0:0::1]/*").host, "[::1]");
});

for (const [pattern, problem] of [
  ["", "no host"],
  ["/path", "no host"],
  ["ftp://example.com/", "ftp"],
  ["ex*ample.com/", "beginning"],
  ["example.com/*/x", "end"],
  ["example.com:8080/*", "port"],
  ["[::1]:80/*", "port"],
  ["a b/*", "no host name"],
  ["example..com/", "no host name"],
  ["example.com/a?b", "query"],
  ["example.com/ü", "ASCII"],
  ["*[::1]/", "wildcard"],
  ["{version}-shop/*", "domain"],
  ["{version}.example.com/*", "no host name"],
  ["a-{version}-shop.example.com/*", "no host name"],
  ["{version}-*.example.com/*", "beginning"],
  [`${"a".repeat(260)}.com/`, "no host name"],
] as const) {
  test(`parseRoute() refuses "${pattern.slice(0, 40)}" and says why`, () => {
    assert.throws(
      () => parseRoute(pattern),
      (error: unknown) =>
        error instanceof InvalidRoute && error.code === "INVALID_ROUTE" && error.message.includes(problem),
    );
  });
}

test("RouteTable.from() refuses two routes that take the same requests", () => {
  assert.throws(() => table("example.com/*", "EXAMPLE.com./*"), /another route/);
});

test("RouteTable.match() prefers an exact host, then the longer host", () => {
  const routes = table("*/*", "*example.com/*", "*.example.com/*", "*.a.example.com/*", "x.a.example.com/*");
  assert.is(routes.match("x.a.example.com", "/"), "x.a.example.com/*");
  assert.is(routes.match("y.a.example.com", "/"), "*.a.example.com/*");
  assert.is(routes.match("a.example.com", "/"), "*.example.com/*");
  assert.is(routes.match("example.com", "/"), "*example.com/*");
  assert.is(routes.match("notexample.com", "/"), "*/*");
});

test("RouteTable.find() takes a version from the beginning of a host, between exact hosts and wildcards", () => {
  const routes = table(
    "{version}-w.e.com/*",
    "{version}-b-w.e.com/*",
    "x-w.e.com/*",
    "*.e.com/*",
    "w.e.com/*",
  );
  const find = (host: string): unknown => Object.values(routes.find(host, "/") ?? {});
  assert.equal(find("1234abcd-w.e.com"), ["{version}-w.e.com/*", "1234abcd"]);
  assert.equal(find("1234ABCD-W.e.com:80"), ["{version}-w.e.com/*", "1234abcd"]);
  assert.equal(find("a-c-w.e.com"), ["{version}-w.e.com/*", "a-c"]);
  assert.equal(find("a-b-w.e.com"), ["{version}-b-w.e.com/*", "a"]);
  assert.equal(find("x-w.e.com"), ["x-w.e.com/*", null]);
  assert.equal(find("w.e.com"), ["w.e.com/*", null]);
  assert.equal(find("a-x.e.com"), ["*.e.com/*", null]);
  assert.equal(find("a-w.sub.e.com"), ["*.e.com/*", null]);
  assert.is(table("{version}-w.e.com/api/*").match("a-w.e.com", "/other"), null);
});

test("RouteTable.match() keeps a wildcard at a label's border", () => {
  const routes = table("*example.com/*", "*.example.org/*");
  assert.is(routes.match("evilexample.com", "/"), null);
  assert.is(routes.match("example.org", "/"), null);
  assert.is(routes.match("a.b.example.org", "/"), "*.example.org/*");
});

test("RouteTable.match() prefers an exact path, then the longer prefix", () => {
  const routes = table("e.com/*", "e.com/api/*", "e.com/api/v1*", "e.com/api/v1");
  assert.is(routes.match("e.com", "/api/v1"), "e.com/api/v1");
  assert.is(routes.match("e.com", "/api/v1/x"), "e.com/api/v1*");
  assert.is(routes.match("e.com", "/api/"), "e.com/api/*");
  assert.is(routes.match("e.com", "/api"), "e.com/*");
  assert.is(routes.match("e.com", "/API/v1"), "e.com/*");
  assert.is(routes.match("e.com", "/api/v1?q=/x"), "e.com/api/v1");
});

test("RouteTable.match() goes on to a wider host where the paths of the narrow one do not fit", () => {
  const routes = table("www.e.com/api/*", "*.e.com/*");
  assert.is(routes.match("www.e.com", "/other"), "*.e.com/*");
});

test("RouteTable.match() takes odd spellings of a host", () => {
  const routes = table("example.com/*", "[::1]/*", "xn--bcher-kva.example/*", "127.0.0.1/*");
  for (const host of ["EXAMPLE.COM", "example.com.", "example.com:8787", "Example.com.:80"]) {
    assert.is(routes.match(host, "/"), "example.com/*", host);
  }
  assert.is(routes.match("[0000::1]:8080", "/"), "[::1]/*");
  assert.is(routes.match("BÜCHER.example", "/"), "xn--bcher-kva.example/*");
  assert.is(routes.match("127.0.0.1:80", "/"), "127.0.0.1/*");
});

test("RouteTable.match() answers null to what is no host", () => {
  const routes = table("*/*");
  for (const host of ["", ".", "a b", "a..b", "[::1", "[zz]", "a:b", "a/b", "a\nb", "-", "a:123456"]) {
    assert.is(routes.match(host, "/"), null, JSON.stringify(host));
  }
});

test("RouteTable.match() minds the scheme where both the route and the caller name one", () => {
  const routes = table("https://e.com/*", "e.com/open/*");
  assert.is(routes.match("e.com", "/", "https"), "https://e.com/*");
  assert.is(routes.match("e.com", "/", "http"), null);
  assert.is(routes.match("e.com", "/open/x", "http"), "e.com/open/*");
  assert.is(routes.match("e.com", "/"), "https://e.com/*");
});

test("RouteTable.match() finds each of 10,000 hosts", () => {
  const routes = table(...Array.from({ length: 10_000 }, (_, i) => `w${i}.example.com/*`), "*.example.com/*");
  for (let i = 0; i < 10_000; i += 1)
    assert.is(routes.match(`w${i}.example.com`, "/x"), `w${i}.example.com/*`);
  assert.is(routes.match("w10000.example.com", "/x"), "*.example.com/*");
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseUrl, URL as OwnURL } from "../../../runtime-api/url/url.ts";
import { URLSearchParams as OwnParams } from "../../../runtime-api/url/url-search-params.ts";
import { standInIo } from "../stand-in-io.ts";

test("URL parses plain URLs without asking the cell, and others by asking", () => {
  const seen = standInIo();
  const url = new OwnURL("https://example.com:8080/a/b?c=d#e");
  assert.is(url.origin, "https://example.com:8080");
  assert.is(url.host, "example.com:8080");
  assert.is(url.port, "8080");
  assert.is(new OwnURL("/x?y", "https://example.com/a").href, "https://example.com/x?y");
  assert.is(seen.asked, 0);
  assert.is(new OwnURL("https://münchen.de/ä").href, "https://xn--mnchen-3ya.de/%C3%A4");
  assert.is(seen.asked, 1);
});

test("URL refuses what does not parse, by constructor, parse(), canParse() and the href setter", () => {
  standInIo();
  assert.throws(
    () => new OwnURL("nope"),
    (error: unknown) => error instanceof TypeError,
  );
  assert.throws(
    () => new OwnURL("/a", "nope"),
    (error: unknown) => error instanceof TypeError,
  );
  assert.is(OwnURL.parse("nope"), null);
  assert.is(OwnURL.parse("/b", "https://a/")?.href, "https://a/b");
  assert.is(OwnURL.canParse("nope"), false);
  assert.is(OwnURL.canParse("https://a"), true);
  const url = new OwnURL("https://a/b");
  assert.throws(
    () => (url.href = "nope"),
    (error: unknown) => error instanceof TypeError,
  );
  assert.is(url.href, "https://a/b");
  assert.is(parseUrl("http://EXAMPLE.com"), "http://example.com/");
  assert.is(parseUrl(""), undefined);
});

test("URL.searchParams stays the same object and follows search and href", () => {
  standInIo();
  const url = new OwnURL("https://a/b?c=1");
  const params = url.searchParams;
  params.append("d", "x y");
  assert.is(url.href, "https://a/b?c=1&d=x+y");
  url.search = "?e=2";
  assert.is(url.searchParams, params);
  assert.equal([...params], [["e", "2"]]);
  url.href = "https://a/?f";
  assert.equal([...params], [["f", ""]]);
  params.delete("f");
  assert.is(url.href, "https://a/");
});

test("URLSearchParams takes strings, sequences, records and other params", () => {
  for (const init of [
    "?a=1&b=2",
    [
      ["a", "1"],
      ["b", "2"],
    ],
    { a: "1", b: "2" },
    new Map([
      ["a", "1"],
      ["b", "2"],
    ]),
    new OwnParams("a=1&b=2"),
  ]) {
    assert.is(new OwnParams(init as string).toString(), "a=1&b=2");
  }
  assert.throws(
    () => new OwnParams([["a"]] as never),
    (error: unknown) => error instanceof TypeError,
  );
  assert.throws(
    () => new OwnParams(["ab", 1] as never),
    (error: unknown) => error instanceof TypeError,
  );
  assert.is(
    new OwnParams("a=%F0%9F%98%80+%zz&&=x&y").toString(),
    new URLSearchParams("a=%F0%9F%98%80+%zz&&=x&y").toString(),
  );
});

test("URLSearchParams gets, deletes, sorts and iterates as the standard says", () => {
  const params = new OwnParams("b=1&a=2&b=3");
  assert.is(params.size, 3);
  assert.equal(params.getAll("b"), ["1", "3"]);
  assert.is(params.get("x"), null);
  assert.is(params.has("b", "2"), false);
  params.delete("b", "1");
  params.set("a", "9");
  params.append("A", "0");
  params.sort();
  assert.equal([...params.keys()], ["A", "a", "b"]);
  assert.equal([...params.values()], ["0", "9", "3"]);
  const seen: string[] = [];
  params.forEach((value, key) => seen.push(`${key}${value}`));
  assert.equal(seen, ["A0", "a9", "b3"]);
  const live = params.entries();
  live.next();
  params.delete("a");
  assert.equal(live.next().value, ["b", "3"]);
  assert.is(Object.prototype.toString.call(live), "[object URLSearchParams Iterator]");
});

test.run();

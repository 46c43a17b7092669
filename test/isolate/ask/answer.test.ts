import { test } from "uvu";
import * as assert from "uvu/assert";
import { Ask, URL_PARTS } from "../../../runtime-api/contract/sync.ts";
import { answer } from "../../../src/isolate/ask/answer.ts";

test("answer() parses URLs into their parts, or says no", () => {
  const parts = String(answer(Ask.urlParse, ["../x?q#h", "http://user:pw@münchen.de:8080/a/b"])).split("\n");
  assert.is(parts.length, URL_PARTS.length);
  assert.is(parts[URL_PARTS.indexOf("href")], "http://user:pw@xn--mnchen-3ya.de:8080/x?q#h");
  assert.is(parts[URL_PARTS.indexOf("port")], "8080");
  assert.is(answer(Ask.urlParse, ["nonsense", null]), null);
  assert.is(answer(Ask.urlParse, ["http://a/" + "x".repeat(2 ** 21), null]), null);
});

test("answer() refuses hosts with a label that is no Punycode, where a scheme has real hosts", () => {
  for (const url of ["http://a.xn--pokxncvks/", "https://xn--/", "ws://xn--a/", "file://xn--/p"])
    assert.is(answer(Ask.urlParse, [url, null]), null, url);
  for (const url of ["http://xn--mnchen-3ya.de/", "http://xn--ls8h.la/", "http://axn--/", "other://xn--/"])
    assert.is.not(answer(Ask.urlParse, [url, null]), null, url);
  assert.is(answer(Ask.urlSet, ["http://a/b", "hostname", "xn--"]), null);
  assert.is(answer(Ask.urlSet, ["http://a/b", "host", "xn--:80"]), null);
});

test("answer() sets every part of a URL but its origin", () => {
  assert.match(String(answer(Ask.urlSet, ["http://a/b", "hostname", "c"])), /^http:\/\/c\/b\n/);
  assert.match(String(answer(Ask.urlSet, ["http://a/b", "href", "http://z/"])), /^http:\/\/z\/\n/);
  assert.is(answer(Ask.urlSet, ["http://a/b", "href", "nonsense"]), null);
  assert.is(answer(Ask.urlSet, ["http://a/b", "origin", "http://c"]), null);
  assert.is(answer(Ask.urlSet, ["http://a/b", "constructor", "x"]), null);
});

test("answer() gives random bytes within bounds, exact in size", () => {
  const bytes = answer(Ask.random, [65_536]);
  assert.instance(bytes, Uint8Array);
  assert.ok(bytes instanceof Uint8Array && bytes.buffer.byteLength === 65_536 && new Set(bytes).size === 256);
  for (const count of [65_537, -1, 1.5, "8", null]) assert.is(answer(Ask.random, [count]), null);
});

test("answer() codes UTF-8 both ways", () => {
  const bytes = answer(Ask.utf8Encode, ["é☃\ud800"]);
  assert.ok(bytes instanceof Uint8Array && bytes.buffer.byteLength === bytes.byteLength);
  assert.is(answer(Ask.utf8Decode, [bytes, true, true]), "é☃\ufffd");
  assert.is(answer(Ask.utf8Decode, [new Uint8Array([0xff]), true, true]), null);
  assert.is(answer(Ask.utf8Decode, [new Uint8Array([0xff]), false, true]), "\ufffd");
  assert.is(answer(Ask.utf8Decode, [new Uint8Array([0xef, 0xbb, 0xbf, 65]), false, true]), "\ufeffA");
  assert.is(answer(Ask.utf8Decode, [new Uint8Array([0xef, 0xbb, 0xbf, 65]), false, false]), "A");
});

test("answer() never throws, whatever it is asked", () => {
  const odd = [
    undefined,
    null,
    0,
    -1,
    NaN,
    "",
    "x",
    true,
    new Uint8Array(0),
    {},
    [],
    () => {},
    Symbol.iterator,
  ];
  for (const op of [...Object.values(Ask), 0, 99, "1", null]) {
    for (const first of odd) for (const second of odd) answer(op, [first, second, first]);
  }
});

test.run();

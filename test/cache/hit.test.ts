import { test } from "uvu";
import * as assert from "uvu/assert";
import { readHeaders } from "../../src/cache/flat-headers.ts";
import { type Hit, hitOf } from "../../src/cache/hit.ts";
import type { CacheReading } from "../../src/storage/cache-store.ts";

const NOW = 1_700_000_000_000;
const MODIFIED = "Wed, 01 Nov 2023 12:00:00 GMT";

function hit(
  request: string,
  stored: Partial<CacheReading> = {},
): Hit & { header: (name: string) => string | undefined } {
  const reading: CacheReading = {
    status: 200,
    statusText: "Fine",
    headers: `content-type\ntext/plain\ncontent-length\n999\netag\n"v1"\nlast-modified\n${MODIFIED}`,
    url: "http://a/",
    vary: [],
    source: null,
    storedMs: NOW - 5_500,
    expiresMs: NOW + 1_000,
    ageS: 10,
    sizeBytes: 100,
    whole: null,
    read: () => Promise.reject(new Error("not read here")),
    release() {},
    ...stored,
  };
  const found = hitOf(readHeaders(request)!, reading, NOW);
  return { ...found, header: (name) => readHeaders(found.headers)!.find(([key]) => key === name)?.[1] };
}

test("hitOf gives the response as it was put, with its age, its true length and the mark of a hit", () => {
  const found = hit("");
  assert.equal([found.status, found.statusText, found.body], [200, "Fine", { start: 0, end: 100 }]);
  assert.equal(["age", "content-length", "content-type", "cf-cache-status"].map(found.header), [
    "15",
    "100",
    "text/plain",
    "HIT",
  ]);
  const bare = hit("range\nbytes=0-1", { status: 204, sizeBytes: null, headers: "" });
  assert.equal([bare.status, bare.body, bare.header("content-length")], [204, null, undefined]);
});

test("hitOf answers 304 where the client has the response already", () => {
  for (const condition of [
    'if-none-match\n"v1"',
    'if-none-match\nW/"v1"',
    'if-none-match\n"v0", "v1"',
    "if-none-match\n*",
    `if-modified-since\n${MODIFIED}`,
    "if-modified-since\nThu, 02 Nov 2023 12:00:00 GMT",
    'if-none-match\n"v1"\nrange\nbytes=0-9',
  ]) {
    const found = hit(condition);
    assert.equal([found.status, found.body], [304, null], condition);
    assert.equal(["etag", "content-length", "cf-cache-status"].map(found.header), ['"v1"', undefined, "HIT"]);
  }
  for (const condition of [
    'if-none-match\n"v2"',
    "if-none-match\nv1",
    "if-modified-since\nTue, 31 Oct 2023 12:00:00 GMT",
    "if-modified-since\nyesterday",
    // RFC 9110: If-None-Match takes the place of If-Modified-Since.
    `if-none-match\n"v2"\nif-modified-since\n${MODIFIED}`,
  ])
    assert.is(hit(condition).status, 200, condition);
  assert.is(hit('if-none-match\n"v1"', { status: 404 }).status, 404);
});

test("hitOf answers one range with 206, what it cannot with 416, and several or malformed ones whole", () => {
  const ranges: [string, Hit["body"], string][] = [
    ["bytes=0-9", { start: 0, end: 10 }, "bytes 0-9/100"],
    ["bytes=90-", { start: 90, end: 100 }, "bytes 90-99/100"],
    ["bytes=90-500", { start: 90, end: 100 }, "bytes 90-99/100"],
    ["bytes=-5", { start: 95, end: 100 }, "bytes 95-99/100"],
    ["bytes=-500", { start: 0, end: 100 }, "bytes 0-99/100"],
  ];
  for (const [range, body, contentRange] of ranges) {
    const found = hit(`range\n${range}`);
    assert.equal([found.status, found.body, found.header("content-range")], [206, body, contentRange], range);
    assert.is(found.header("content-length"), `${body!.end - body!.start}`);
  }
  for (const range of ["bytes=100-", "bytes=-0"]) {
    const found = hit(`range\n${range}`);
    assert.equal(
      [found.status, found.body, found.header("content-range")],
      [416, null, "bytes */100"],
      range,
    );
  }
  for (const range of ["bytes=0-1,5-6", "bytes=9-1", "bytes=", "bytes=-", "lines=0-1", "bytes=a-b"])
    assert.is(hit(`range\n${range}`).status, 200, range);
  assert.is(hit("range\nbytes=0-1", { status: 404 }).status, 404);
});

test("hitOf gives a range only where If-Range names this response", () => {
  const status = (condition: string): number => hit(`range\nbytes=0-1\nif-range\n${condition}`).status;
  assert.equal(['"v1"', MODIFIED].map(status), [206, 206]);
  assert.equal(['"v2"', 'W/"v1"', "Thu, 02 Nov 2023 12:00:00 GMT"].map(status), [200, 200, 200]);
});

// What could go wrong if: the spaces of a long header are shared out in all ways, on the host's thread.
test("hitOf does not look into a range that is longer than any honest one", () => {
  assert.is(hit(`range\nbytes=${" ".repeat(100)}1-2`).status, 206);
  assert.is(hit(`range\nbytes=${" ".repeat(1_000)}1-2`).status, 200);
  assert.is(hit(`range\nbytes=${" ".repeat(120_000)}x`).status, 200);
});

test.run();

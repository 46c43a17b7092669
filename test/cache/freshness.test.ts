import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HeaderList } from "../../src/cache/flat-headers.ts";
import { type Keeping, keepingOf } from "../../src/cache/freshness.ts";

const NOW = Date.UTC(2026, 0, 2, 12);

function keep(response: HeaderList, { status = 200, request = [] as HeaderList } = {}): Keeping | null {
  return keepingOf(request, status, response, NOW);
}

/** Seconds that a response with this `Cache-Control` is fresh; null: it is not kept. */
function freshS(cacheControl: string, more: HeaderList = []): number | null {
  const keeping = keep([["cache-control", cacheControl], ...more]);
  return keeping === null ? null : keeping.freshMs / 1_000;
}

const at = (offsetS: number): string => new Date(NOW + offsetS * 1_000).toUTCString();

test("keepingOf takes s-maxage before max-age before Expires, less the age", () => {
  assert.is(freshS("max-age=60"), 60);
  assert.is(freshS("Max-Age=60"), 60);
  assert.is(freshS('max-age="60"'), 60);
  assert.is(freshS("public, max-age=60, s-maxage=300"), 300);
  assert.is(freshS("max-age=60", [["expires", at(1_000)]]), 60);
  assert.is(freshS("max-age=60", [["age", "20"]]), 40);
  assert.is(keep([["expires", at(90)]])?.freshMs, 90_000);
  assert.is(
    keep([
      ["expires", at(90)],
      ["date", at(-30)],
    ])?.freshMs,
    120_000,
  );
  assert.is(freshS("max-age=999999999999"), 365 * 24 * 3_600);
});

test("keepingOf does not keep what must not be, or is stale", () => {
  for (const cacheControl of [
    "no-store",
    "private",
    "max-age=0",
    "max-age=60, s-maxage=0",
    "no-cache, max-age=60",
    "max-age=60, private",
    "max-age=-5",
    "max-age=soon",
  ])
    assert.is(freshS(cacheControl), null, cacheControl);
  assert.is(freshS("max-age=60", [["age", "60"]]), null);
  assert.is(keep([["expires", "0"]]), null);
  assert.is(keep([["expires", at(-1)]]), null);
  assert.is(keep([["pragma", "no-cache"]]), null);
});

test("keepingOf does not stretch freshness by stale-while-revalidate or stale-if-error", () => {
  assert.is(freshS("max-age=60, stale-while-revalidate=600, stale-if-error=6000"), 60);
  assert.is(freshS("max-age=0, stale-while-revalidate=600"), null);
});

test("keepingOf keeps what says nothing for a time that goes by the status", () => {
  const byStatus = (status: number): number | undefined => keep([], { status })?.freshMs;
  assert.equal([200, 301, 302, 404].map(byStatus), [7_200_000, 7_200_000, 1_200_000, 180_000]);
  assert.equal([201, 403, 500, 503].map(byStatus), [undefined, undefined, undefined, undefined]);
  assert.is(keep([["last-modified", at(-1_000_000)]])?.freshMs, 7_200_000);
});

test("keepingOf keeps any status that says how long it is fresh", () => {
  assert.is(keep([["cache-control", "max-age=5"]], { status: 500 })?.freshMs, 5_000);
  assert.is(keep([["cache-control", "max-age=5"]], { status: 418 })?.freshMs, 5_000);
});

test("keepingOf keeps cookies out", () => {
  const cookie = ["set-cookie", "id=1"] as const;
  assert.is(freshS("max-age=60", [cookie]), null);
  assert.is(freshS("public, max-age=60", [cookie]), null);
  for (const hidden of ["private=Set-Cookie", 'private="Set-Cookie"', 'private="x-secret, set-cookie"']) {
    const keeping = keep([["cache-control", `${hidden}, max-age=60`], cookie, ["x-secret", "s"], ["x", "y"]]);
    assert.is(keeping?.freshMs, 60_000, hidden);
    const names = keeping!.headers.map(([name]) => name);
    assert.not(names.includes("set-cookie"));
    assert.is(names.includes("x-secret"), !hidden.includes("x-secret"));
    assert.ok(names.includes("x"));
  }
  assert.is(freshS('private="x-other", max-age=60', [cookie]), null);
});

test("keepingOf holds answers to authorized requests to RFC 9111 §3.5, and does not mind the request's directives", () => {
  const request: HeaderList = [["authorization", "Bearer x"]];
  assert.is(keep([["cache-control", "max-age=60"]], { request }), null);
  assert.is(keep([["cache-control", "public, max-age=60"]], { request })?.freshMs, 60_000);
  const noStore: HeaderList = [["cache-control", "no-store"]];
  assert.is(keep([["cache-control", "max-age=60"]], { request: noStore })?.freshMs, 60_000);
});

test("keepingOf remembers what the response varies by, and leaves out what belongs to a connection", () => {
  const request: HeaderList = [
    ["accept-encoding", "gzip"],
    ["accept-encoding", "br"],
    ["cookie", "secret"],
  ];
  const keeping = keep(
    [
      ["cache-control", "max-age=60"],
      ["vary", "Accept-Encoding, accept"],
      ["vary", "accept"],
      ["connection", "close"],
      ["age", "3"],
      ["cf-cache-status", "HIT"],
    ],
    { request },
  );
  assert.equal(keeping?.vary, [
    ["accept", null],
    ["accept-encoding", "gzip, br"],
  ]);
  assert.equal(
    keeping?.headers.map(([name]) => name),
    ["cache-control", "vary", "vary"],
  );
  assert.is(keeping?.ageS, 3);
});

test("keepingOf reads a hostile Cache-Control in bounded time", () => {
  for (const hostile of [
    '"'.repeat(100_000),
    "a=".repeat(50_000),
    `private="${"\\".repeat(100_000)}`,
    " ,".repeat(50_000),
  ])
    keep([["cache-control", hostile]]);
});

// What could go wrong if: each directive is looked for among all before it, on the host's thread.
test("keepingOf reads a header of many directives once", () => {
  const names = Array.from({ length: 300_000 }, (_, i) => i.toString(36));
  const text = `${names.join()},max-age=60,max-age=70`;
  const started = process.cpuUsage();
  assert.is(freshS(text), 60);
  // It takes tenths of a second where it is linear, and minutes where it is not.
  assert.ok(process.cpuUsage(started).user < 20_000_000);
});

test.run();

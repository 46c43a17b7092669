import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EventRecord, LogRecord, TailItem } from "../../../../src/index.ts";
import { ApiError } from "../../../../wrangler-compat/api/api-error.ts";
import { readFilters } from "../../../../wrangler-compat/api/tail/tail-filter.ts";

const OWN_ADDRESS = "192.0.2.7";

interface Asked {
  readonly outcome?: EventRecord["outcome"];
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly logs?: readonly string[];
  readonly versionId?: string;
}

/** A request that is over. */
function request({
  outcome = "ok",
  method = "GET",
  headers = {},
  logs = [],
  versionId = "v1",
}: Asked): TailItem {
  return {
    event: { outcome, method, versionId } as EventRecord,
    logs: logs.map((text) => ({ text }) as LogRecord),
    source: { kind: "fetch", url: "http://shop.test/", headers, cf: {}, entrypoint: null },
  };
}

/** A trigger that is over. */
const CRON: TailItem = {
  event: { outcome: "ok", method: null, versionId: "v1" } as EventRecord,
  logs: [],
  source: { kind: "scheduled", cron: "* * * * *", scheduledTimeMs: 1 },
};

/** Which of some items pass filters. */
function passing(filters: unknown, items: readonly TailItem[]): boolean[] {
  return items.map(readFilters(filters, OWN_ADDRESS));
}

test("readFilters lets outcomes pass by Cloudflare's names for them", () => {
  const outcomes = [
    "ok",
    "canceled",
    "exception",
    "exceededCpu",
    "exceededMemory",
    "exceededWallTime",
    "isolateLost",
  ] as const;
  const items = outcomes.map((outcome) => request({ outcome }));
  const named = (outcome: readonly string[]): string[] =>
    outcomes.filter((_, index) => passing([{ outcome }], items)[index]);
  assert.equal(named(["ok"]), ["ok"]);
  assert.equal(named(["canceled"]), ["canceled"]);
  // What wrangler sends for `--status error`.
  assert.equal(named(["exception", "exceededCpu", "exceededMemory", "unknown"]), outcomes.slice(2));
});

test("readFilters lets methods pass, and nothing that has none", () => {
  const items = [request({}), request({ method: "POST" }), request({ method: "PUT" }), CRON];
  assert.equal(passing([{ method: ["POST", "PUT"] }], items), [false, true, true, false]);
});

test("readFilters lets headers pass by name alone or by a part of what is shown of them", () => {
  const headers = { "x-mark": "blue-7, green", authorization: "REDACTED" };
  const items = [request({ headers }), request({ headers: { "x-mark": "red" } }), request({}), CRON];
  assert.equal(passing([{ header: { key: "X-Mark" } }], items), [true, true, false, false]);
  assert.equal(passing([{ header: { key: "x-mark", query: "green" } }], items), [true, false, false, false]);
  assert.equal(passing([{ header: { key: "authorization", query: "Bearer" } }], items), [
    false,
    false,
    false,
    false,
  ]);
  assert.equal(passing([{ header: { key: "toString" } }], items), [false, false, false, false]);
});

test("readFilters lets addresses of clients pass, of which one is whoever asks", () => {
  const items = ["192.0.2.7", "192.0.2.77", "2001:db8::1"].map((address) =>
    request({ headers: { "cf-connecting-ip": address } }),
  );
  assert.equal(passing([{ client_ip: ["self"] }], [...items, CRON]), [true, false, false, false]);
  assert.equal(passing([{ client_ip: ["2001:db8::1", "self"] }], items), [true, false, true]);
  assert.equal(passing([{ client_ip: ["192.0.2.1"] }], items), [false, false, false]);
});

test("readFilters searches each line of the log", () => {
  const items = [request({ logs: ["one", "two words"] }), request({ logs: ["on", "e"] }), request({})];
  assert.equal(passing([{ query: "one" }], items), [true, false, false]);
  assert.equal(passing([{ query: "o w" }], items), [true, false, false]);
});

test("readFilters lets one version pass", () => {
  const items = [request({}), request({ versionId: "v2" })];
  assert.equal(passing([{ scriptVersion: "v2" }], items), [false, true]);
});

test("readFilters lets the part of all events pass that a sampling rate says", () => {
  const items = Array.from({ length: 10_000 }, () => request({}));
  const count = (rate: number): number =>
    passing([{ sampling_rate: rate }], items).filter((passes) => passes).length;
  assert.equal([count(0), count(1)], [0, 10_000]);
  const quarter = count(0.25);
  assert.ok(Math.abs(quarter - 2_500) < 500, `${quarter} of 10000`);
});

test("readFilters lets pass what passes all filters, and all where there is none", () => {
  const items = [request({}), request({ method: "POST" }), request({ method: "POST", outcome: "exception" })];
  assert.equal(passing([{ method: ["POST"] }, { outcome: ["ok"] }], items), [false, true, false]);
  assert.equal(passing([], items), [true, true, true]);
  assert.equal(passing(undefined, items), [true, true, true]);
});

test("readFilters refuses what it does not know, and too many", () => {
  for (const [filters, says] of [
    [[{ colour: "blue" }], 'A tail has no filter "colour"'],
    [[{ sampling_rate: 1.5 }], 'The filter "sampling_rate" has a value that it cannot have'],
    [[{ outcome: "ok" }], 'The filter "outcome"'],
    [[{ header: { key: "" } }], 'The filter "header"'],
    [[{ query: 5 }], 'The filter "query"'],
    [[null], "A tail has no filter"],
    ["ok", "filters must be a list of at most 20"],
    [Array.from({ length: 21 }, () => ({ query: "a" })), "filters must be a list of at most 20"],
  ] as const)
    assert.throws(
      () => readFilters(filters, OWN_ADDRESS),
      (error: unknown) => error instanceof ApiError && error.status === 400 && error.message.includes(says),
    );
});

test.run();

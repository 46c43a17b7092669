import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TailItem } from "../../../../src/index.ts";
import { readFilters } from "../../../../wrangler-compat/api/tail/tail-filter.ts";

/** A request that went well, as far as filters look at it. */
function item(event: object = {}, headers: Readonly<Record<string, string>> = {}, text = "said"): TailItem {
  const source = { kind: "fetch", url: "http://shop.test/", headers, cf: {}, entrypoint: null };
  const whole = {
    event: { outcome: "ok", method: "GET", versionId: "v1", ...event },
    logs: [{ text }],
    source,
  };
  return whole as unknown as TailItem;
}
const scheduled = {
  ...item({ method: null }),
  source: { kind: "scheduled", cron: "* * * * *", scheduledTimeMs: 0 },
} as TailItem;

/** What wrangler makes of `--status`. */
const OK = { outcome: ["ok"] };
const ERROR = { outcome: ["exception", "exceededCpu", "exceededMemory", "unknown"] };
const CANCELED = { outcome: ["canceled"] };

const passes: readonly (readonly [filter: object, item: TailItem, expected: boolean])[] = [
  [OK, item(), true],
  [OK, item({ outcome: "exception" }), false],
  [OK, item({ outcome: "canceled" }), false],
  [ERROR, item(), false],
  [ERROR, item({ outcome: "exception" }), true],
  [ERROR, item({ outcome: "exceededCpu" }), true],
  [ERROR, item({ outcome: "exceededWallTime" }), true],
  [ERROR, item({ outcome: "canceled" }), false],
  [CANCELED, item({ outcome: "canceled" }), true],
  [CANCELED, item(), false],
  [{ method: ["GET", "PUT"] }, item({ method: "PUT" }), true],
  [{ method: ["GET", "PUT"] }, item({ method: "POST" }), false],
  [{ method: ["GET"] }, scheduled, false],
  [{ query: "ai" }, item(), true],
  [{ query: "ai" }, item({}, {}, "other"), false],
  [{ scriptVersion: "v1" }, item(), true],
  [{ scriptVersion: "v1" }, item({ versionId: "v10" }), false],
  [{ header: { key: "X-Mark" } }, item({}, { "x-mark": "" }), true],
  [{ header: { key: "X-Mark" } }, item({}, { "x-other": "" }), false],
  [{ header: { key: "constructor" } }, item(), false],
  [{ header: { key: "x-mark", query: "blue" } }, item({}, { "x-mark": "is blue" }), true],
  [{ header: { key: "x-mark", query: "blue" } }, item({}, { "x-mark": "red" }), false],
  [{ header: { key: "x-mark" } }, scheduled, false],
  [{ client_ip: ["192.0.2.1"] }, item({}, { "cf-connecting-ip": "192.0.2.1" }), true],
  [{ client_ip: ["192.0.2.1"] }, item({}, { "cf-connecting-ip": "192.0.2.10" }), false],
  [{ client_ip: ["192.0.2.1"] }, item(), false],
  [{ client_ip: ["self"] }, item({}, { "cf-connecting-ip": "192.0.2.9" }), true],
  [{ client_ip: ["self"] }, item({}, { "cf-connecting-ip": "192.0.2.1" }), false],
  [{ client_ip: ["self"] }, scheduled, false],
];

test("each filter passes what it asks for, and nothing else", () => {
  for (const [filter, event, expected] of passes)
    assert.is(readFilters([filter], "192.0.2.9")(event), expected, JSON.stringify([filter, event]));
});

test("an event has to pass all filters, and passes where there are none", () => {
  assert.is(readFilters(undefined, "")(item()), true);
  assert.is(readFilters([], "")(item()), true);
  assert.is(readFilters([OK, { method: ["GET"] }], "")(item()), true);
  assert.is(readFilters([OK, { method: ["POST"] }], "")(item()), false);
  assert.is(readFilters([CANCELED, { method: ["GET"] }], "")(item()), false);
});

test("sampling passes its part of the events", () => {
  const count = (rate: number): number => {
    const filter = readFilters([{ sampling_rate: rate }], "");
    return Array.from({ length: 10_000 }, () => filter(item())).filter(Boolean).length;
  };
  assert.equal([count(0), count(1)], [0, 10_000]);
  // Ten standard deviations to each side.
  for (const [rate, least, most] of [
    [0.5, 4_500, 5_500],
    [0.1, 700, 1_300],
  ] as const) {
    const passed = count(rate);
    assert.ok(passed > least && passed < most, `${rate}: ${passed}`);
  }
});

test.run();

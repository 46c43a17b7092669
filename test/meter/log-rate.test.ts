import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LogRecord } from "../../src/meter/event-record.ts";
import { LogRate } from "../../src/meter/log-rate.ts";

function line(account: string, text = "x"): LogRecord {
  return { account, worker: "w", versionId: "v", timeMs: 0, eventId: 7, level: "log", text };
}

test("LogRate lets a burst pass, drops the rest, and tells how many", async () => {
  const told: LogRecord[] = [];
  const rate = new LogRate(10, (record) => told.push(record));
  let passed = 0;
  for (let i = 0; i < 1_000; i++) if (rate.passes(line("flood"))) passed++;
  assert.ok(passed >= 50 && passed < 500, `${passed} passed`);
  assert.ok(rate.passes(line("other")));
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.is(told[0]?.text, `Dropped ${1_000 - passed} log lines: the account writes more than 10 a second`);
  assert.is(told[0]?.level, "warn");
  assert.is(told[0]?.account, "flood");
  assert.ok(rate.passes(line("flood")));
});

test("LogRate bounds text as well as lines", () => {
  const rate = new LogRate(10, () => {});
  assert.ok(rate.passes(line("a", "x".repeat(60_000))));
  assert.not.ok(rate.passes(line("a")));
  const free = new LogRate(Infinity, () => {});
  for (let i = 0; i < 100_000; i++) assert.ok(free.passes(line("a")));
});

test.run();

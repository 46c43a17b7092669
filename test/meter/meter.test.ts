import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EventRecord, LogRecord } from "../../src/meter/event-record.ts";
import { Meter } from "../../src/meter/meter.ts";

const origin = { account: "a", worker: "w", versionId: "v", eventId: 1 };
const SOURCE = { kind: "fetch", headers: "", cfJson: "{}", entrypoint: null } as const;
const event = (more: Partial<EventRecord>): EventRecord => ({
  ...origin,
  kind: "fetch",
  startedMs: 0,
  outcome: "ok",
  status: 200,
  method: "GET",
  url: "http://w/",
  cpuMs: 1.5,
  wallMs: 3,
  headMs: 2,
  cold: false,
  subrequests: 2,
  retried: false,
  exception: null,
  ...more,
});

test("Meter sums what the events of a worker cost, and keeps workers apart", () => {
  const meter = new Meter({});
  meter.event(event({ cold: true }), SOURCE);
  meter.event(event({ outcome: "exceededCpu", cpuMs: 50 }), SOURCE);
  meter.event(event({ worker: "other" }), SOURCE);
  assert.equal(meter.usage("a", "w"), {
    requests: 2,
    outcomes: { ok: 1, exceededCpu: 1 },
    coldStarts: 1,
    warmHits: 1,
    cpuMs: 51.5,
    subrequests: 4,
    logLines: 0,
  });
  assert.is(meter.usage("a", "other").requests, 1);
  assert.is(meter.usage("b", "w").requests, 0);
});

test("Meter passes every record on, and survives a sink that throws", () => {
  const seen: (EventRecord | LogRecord)[] = [];
  const meter = new Meter({
    onEvent(record) {
      seen.push(record);
      throw new Error("the sink broke");
    },
    onLog: (record) => seen.push(record),
  });
  const first = event({});
  const line: LogRecord = { ...origin, timeMs: 0, level: "info", text: "hello" };
  meter.event(first, SOURCE);
  meter.log(line);
  assert.equal(seen, [first, line]);
  assert.is(meter.usage("a", "w").logLines, 1);
});

test("Meter finishes the text of the lines that it passes on, and of no others", () => {
  const seen: string[] = [];
  const meter = new Meter({ onLog: ({ text }) => seen.push(text) }, 1);
  let finished = 0;
  const log = (text: string): void =>
    meter.log({ ...origin, timeMs: 0, level: "info", text }, (raw) => {
      finished++;
      return `${raw}!`;
    });
  // The five that may be written at one go have so many units together that nothing is left.
  log("x".repeat(100_000));
  for (let line = 0; line < 1_000; line++) log("more");
  assert.equal([seen.length, finished], [1, 1]);
  assert.is(seen[0]?.at(-1), "!");
});

test("Meter.usage is a copy, and forget begins anew", () => {
  const meter = new Meter({});
  meter.event(event({}), SOURCE);
  const before = meter.usage("a", "w");
  meter.event(event({}), SOURCE);
  assert.is(before.requests, 1);
  meter.forget("a", "w");
  assert.is(meter.usage("a", "w").requests, 0);
});

test("Meter does not keep what events of workers cost that were deleted meanwhile", () => {
  const meter = new Meter({}, Infinity, (_account, worker) => worker === "there");
  meter.event(event({ worker: "there" }), SOURCE);
  for (let i = 0; i < 5_000; i++) meter.event(event({ worker: `gone-${i}` }), SOURCE);
  assert.is(meter.usage("a", "there").requests, 1);
  assert.is(meter.usage("a", "gone-0").requests, 0);
  assert.is(meter.usage("a", "gone-4999").requests, 1);
});

test.run();

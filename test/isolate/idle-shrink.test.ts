import { test } from "uvu";
import * as assert from "uvu/assert";
import { IdleShrink } from "../../src/isolate/idle-shrink.ts";
import type { LiveIsolate } from "../../src/isolate/live-isolate.ts";

/** A clock that moves when told, and isolates that are asked nothing. */
function rig(): {
  shrink: IdleShrink;
  shrunk: string[];
  busy: { now: boolean };
  pass(ms: number): Promise<void>;
  nowMs(): number;
} {
  let nowMs = 0;
  let due: { atMs: number; call: () => void } | undefined;
  const shrunk: string[] = [];
  const busy = { now: false };
  const shrink = new IdleShrink(
    async (live) => shrunk.push(live.versionKey) > 0,
    () => busy.now,
    {
      nowMs: () => nowMs,
      after: (waitMs, call) => {
        due = { atMs: nowMs + waitMs, call };
        return () => (due = undefined);
      },
    },
  );
  const pass = async (ms: number): Promise<void> => {
    const endMs = nowMs + ms;
    while (due !== undefined && due.atMs <= endMs) {
      nowMs = due.atMs;
      const { call } = due;
      due = undefined;
      call();
      await new Promise(setImmediate);
    }
    nowMs = endMs;
  };
  return { shrink, shrunk, busy, pass, nowMs: () => nowMs };
}

function idle(versionKey: string, more: object = {}): LiveIsolate {
  return { versionKey, boundedUs: 1_000, heapBytes: 0, ...more } as LiveIsolate;
}

test("an isolate is shrunk when nobody has asked it for a while, the longest idle one first", async () => {
  const { shrink, shrunk, pass, nowMs } = rig();
  const [a, b] = [idle("a"), idle("b")];
  shrink.used(a, nowMs());
  await pass(1_000);
  shrink.used(b, nowMs());
  await pass(3_000);
  shrink.used(a, nowMs());
  assert.equal(shrunk, []);
  await pass(2_000);
  assert.equal(shrunk, ["b"]);
  await pass(10_000);
  assert.equal(shrunk, ["b", "a"]);
});

test("it is shrunk again only when it has used ten times what that takes", async () => {
  const { shrink, shrunk, pass, nowMs } = rig();
  const live = idle("a");
  shrink.used(live, nowMs());
  await pass(6_000);
  live.boundedUs += 20_000;
  shrink.used(live, nowMs());
  await pass(60_000);
  assert.equal(shrunk, ["a"]);
  live.boundedUs += 40_000;
  shrink.used(live, nowMs());
  await pass(6_000);
  assert.equal(shrunk, ["a", "a"]);
});

test("a busy cell puts it off, but not for ever; ended isolates and large heaps are left alone", async () => {
  const { shrink, shrunk, busy, pass, nowMs } = rig();
  busy.now = true;
  const gone = idle("gone");
  for (const live of [gone, idle("large", { heapBytes: 2 ** 25 }), idle("a")]) shrink.used(live, nowMs());
  shrink.ended(gone);
  await pass(5_500);
  assert.equal(shrunk, []);
  await pass(10_000);
  assert.equal(shrunk, ["a"]);
});

test.run();

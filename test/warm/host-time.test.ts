import { test } from "uvu";
import * as assert from "uvu/assert";
import { Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import type { Cell } from "../../src/cell/cell.ts";
import type { Version } from "../../src/versions/version.ts";
import { WarmIsolate } from "../../src/warm/warm-isolate.ts";
import { silentSink } from "./silent-sink.ts";

/** An isolate with one event, each of whose records takes so long by a clock of its own. */
function isolateWhere(recordMs: number): { isolate: WarmIsolate; told: number[]; costs: number[] } {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonicMs: () => nowMs };
  const isolate = new WarmIsolate(1, { account: "one" } as Version, {} as Cell, 0, clock);
  isolate.begin();
  const told: number[] = [];
  const costs: number[] = [];
  isolate.onHostTime = (tookMs) => void told.push(tookMs);
  const message = (): void => void (nowMs += recordMs);
  isolate.open(silentSink({ message, cost: (cpuUs) => void costs.push(cpuUs) }));
  return { isolate, told, costs };
}

function records(count: number): OutMessage[] {
  return Array.from({ length: count }, (_, i) => ({ type: Out.close, event: 1, stream: i }));
}

test("WarmIsolate tells what its records take of the host's loop, a millisecond and more at a time", () => {
  const { isolate, told, costs } = isolateWhere(0.25);
  isolate.receive(records(3), [{ event: 1, cpuUs: 7 }]);
  assert.equal(told, []);
  isolate.receive(records(1), []);
  assert.equal(told, [1]);
  // Few or many, at once or later.
  isolate.receive(records(4_000), []);
  isolate.catchUp();
  assert.is(
    told.reduce((sum, tookMs) => sum + tookMs, 0),
    1_001,
  );
  assert.equal(costs, [7], "the event's own CPU is what its cell measured");
});

test("WarmIsolate tells what is left when it ends, and nothing twice", () => {
  const { isolate, told } = isolateWhere(0.25);
  isolate.receive(records(2), []);
  isolate.end();
  isolate.end();
  assert.equal(told, [0.5]);
});

test("WarmIsolate takes a standstill of the host for no account's doing", () => {
  const { isolate, told } = isolateWhere(60_000);
  isolate.receive(records(2), []);
  assert.equal(told, [2]);
});

test.run();

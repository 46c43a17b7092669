import { test } from "uvu";
import * as assert from "uvu/assert";
import { CpuMeter } from "../../src/isolate/cpu-meter.ts";
import type { LiveIsolate } from "../../src/isolate/live-isolate.ts";
import type { PoolThreads } from "../../src/cell/supervision/pool-threads.ts";

/** A meter over one isolate, whose counter and threads show what the test says, in ms. */
class Bench {
  counterMs = 0;
  threadsMs = 0;
  readonly live: LiveIsolate;
  readonly meter: CpuMeter;

  constructor() {
    const counterUs = (): number => this.counterMs * 1_000;
    const spare = { ask: { usedUs: 0 } };
    const entry = { startedMs: -1 };
    const counts = { seenUs: 0, seenAskUs: 0, boundedUs: 0, doubtUs: 0, cutUs: 0 };
    this.live = { ...counts, spare, entry, counterUs } as unknown as LiveIsolate;
    const threads = { totalUs: () => this.threadsMs * 1_000 } as unknown as PoolThreads;
    // What the process used bounds it as well: here it has always used enough.
    let processUs = 0;
    this.meter = new CpuMeter(threads, () => (processUs += 1e9));
    this.look(0, 0);
  }

  /** One tick; gives what is charged in all, in ms. */
  look(counterMs: number, threadsMs: number): number {
    this.counterMs += counterMs;
    this.threadsMs += threadsMs;
    this.meter.tick([this.live]);
    return this.live.boundedUs / 1_000;
  }
}

test("CpuMeter charges what the threads used, whatever the counter shows", () => {
  const bench = new Bench();
  assert.is(bench.look(5, 2), 2);
  assert.is(bench.look(5, 2), 4);
  assert.is(bench.look(5, 5), 9);
});

test("CpuMeter charges late what the system shows late", () => {
  const bench = new Bench();
  assert.is(bench.look(5, 1), 1);
  assert.is(bench.look(5, 9), 10);
  assert.is(bench.look(5, 9), 15, "no more than was cut");
});

test("CpuMeter charges nothing late that was a wait for a core", () => {
  const bench = new Bench();
  for (let i = 0; i < 20; i++) bench.look(50, 0);
  assert.is(bench.look(5, 5), 5);
  assert.is(bench.look(5, 30), 5 + 5 + 10, "a tick of the system's clock is the most");
});

test.run();

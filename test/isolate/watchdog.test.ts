import { test } from "uvu";
import * as assert from "uvu/assert";
import { CpuMeter } from "../../src/isolate/cpu-meter.ts";
import type { LiveIsolate } from "../../src/isolate/live-isolate.ts";
import { MemoryWatch } from "../../src/isolate/memory-watch.ts";
import { PoolPriority } from "../../src/cell/supervision/pool-priority.ts";
import { PoolThreads } from "../../src/cell/supervision/pool-threads.ts";
import { Watchdog, type WatchdogOptions } from "../../src/isolate/watchdog.ts";

/** A watchdog over isolates of which some run, with threads of its own. */
function watch(
  own: Pick<WatchdogOptions, "running" | "all"> & Partial<WatchdogOptions>,
): Disposable & { readonly watchdog: Watchdog } {
  const threads = new PoolThreads();
  const { running } = own;
  const memory = { capBytes: Infinity, ownProcess: true, running, onOver: () => {}, onLost: () => {} };
  const watchdog = new Watchdog({
    meter: new CpuMeter(threads),
    memory: new MemoryWatch(memory),
    priority: new PoolPriority(threads, false),
    settling: () => 0,
    onOver: () => {},
    onDisposed: () => {},
    onTick: () => {},
    ...own,
  });
  const close = (): void => {
    watchdog.close();
    threads.close();
  };
  return { watchdog, [Symbol.dispose]: close };
}

/**
 * Watches an isolate without an entry whose counter goes on all the time, until it is found to be over or was looked at
 * so often. Gives how often it was found.
 * @param poolUs what the threads of the process have used
 */
async function watchIdle(poolUs: () => number): Promise<number> {
  let looks = 0;
  const counterUs = (): number => {
    looks++;
    return performance.now() * 1_000;
  };
  const live = { limits: { cpuMs: 50 }, counterUs, seenUs: counterUs(), idleUs: 0 } as unknown as LiveIsolate;
  let found = 0;
  using _ = watch({ running: new Set(), all: () => [live], onOver: () => found++, poolUs });
  while (looks < 8 && found === 0) await new Promise((done) => setTimeout(done, 20));
  return found;
}

/** Counts looks at an entry that has so much left, and ticks, until there were so many ticks or more looks than ticks. */
async function watchEntry(leftUs: number): Promise<{ looks: number; ticks: number }> {
  let looks = 0;
  let ticks = 0;
  const live = {
    entry: { isOver: () => (looks++, false), leftUs: () => leftUs, startedMs: performance.now() },
    spare: { isolate: { isDisposed: false }, ask: { usedUs: 0 } },
    counterUs: () => 0,
    limits: { memoryMb: 128 },
    seenUs: 0,
    boundedUs: 0,
    doubtUs: 0,
    lateDoubtUs: 0,
    cutUs: 0,
    grownBytes: 0,
    loaded: true,
  };
  const running = new Set([live as unknown as LiveIsolate]);
  using at = watch({ running, all: () => running, onTick: () => ticks++ });
  at.watchdog.start();
  while (ticks < 200 && looks <= ticks) await new Promise((done) => setTimeout(done, 1));
  return { looks, ticks };
}

test("Watchdog comes back before its next tick where an entry will be over by then", async () => {
  const soon = await watchEntry(1_000);
  assert.ok(soon.looks > soon.ticks);
  const late = await watchEntry(1_000_000);
  assert.is(late.looks, late.ticks);
});

test("Watchdog spares an isolate without an entry that waits for a core", async () => {
  assert.is(await watchIdle(() => 0), 0);
});

test("Watchdog finds an isolate in which something goes on without an entry", async () => {
  assert.ok((await watchIdle(() => performance.now() * 1_000)) > 0);
});

test.run();

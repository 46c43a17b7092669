import { test } from "uvu";
import * as assert from "uvu/assert";
import { RunQueue, type Runnable } from "../../src/isolate/run-queue.ts";

function runnable(started: string[], name: string): Runnable & { finish: () => Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    run: () => {
      started.push(name);
      return promise;
    },
    finish: async () => {
      resolve();
      await new Promise((done) => setImmediate(done));
    },
  };
}

test("RunQueue starts no more young entries than it may, in order", async () => {
  const started: string[] = [];
  const queue = new RunQueue({ young: 2, all: 3, youngMs: 60_000 });
  const all = ["a", "b", "c", "d"].map((name) => runnable(started, name));
  for (const one of all) queue.add(one);
  queue.pump();
  assert.equal(started, ["a", "b"]);
  await all[1]!.finish();
  assert.equal(started, ["a", "b", "c"]);
  queue.release(all[0]!);
  assert.equal(started, ["a", "b", "c", "d"]);
  assert.is(queue.running, 2);
});

test("RunQueue does not count entries that are old, up to its hard cap", async () => {
  const started: string[] = [];
  const queue = new RunQueue({ young: 1, all: 3, youngMs: 5 });
  for (const name of ["a", "b", "c", "d"]) queue.add(runnable(started, name));
  for (let i = 0; i < 4; i++) {
    queue.pump();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(started, ["a", "b", "c"]);
  assert.is(queue.waiting, 1);
});

test("RunQueue keeps its count when an entry asks to run again before its end is heard", async () => {
  const runs: string[] = [];
  const queue = new RunQueue({ young: 1, all: 1, youngMs: 60_000 });
  const again: Runnable = {
    run: async () => {
      runs.push("again");
      await Promise.resolve();
      if (runs.length < 100) queue.add(again);
      queue.pump();
    },
  };
  const other = runnable(runs, "other");
  queue.add(again);
  queue.pump();
  while (runs.length < 100) await new Promise((resolve) => setImmediate(resolve));
  queue.add(other);
  queue.pump();
  await new Promise((resolve) => setImmediate(resolve));
  queue.pump();
  assert.is(runs.at(-1), "other");
  assert.is(queue.running, 1);
  await other.finish();
  assert.is(queue.running, 0);
});

test("RunQueue starts nothing while it is paused", () => {
  const started: string[] = [];
  const queue = new RunQueue({ young: 1, all: 1, youngMs: 5 });
  queue.pause();
  queue.add(runnable(started, "a"));
  queue.pump();
  assert.equal(started, []);
  queue.resume();
  assert.equal(started, ["a"]);
});

test.run();

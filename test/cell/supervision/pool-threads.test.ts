import { test } from "uvu";
import * as assert from "uvu/assert";
import ivm from "isolated-vm";
import { existsSync } from "node:fs";
import "../../../src/isolate/process-end.ts";
import { PoolThreads } from "../../../src/cell/supervision/pool-threads.ts";

const TELLS = existsSync("/proc/self/schedstat");

/** Burns CPU that takes some ms on any machine. */
const BURN = "let x = 0; for (let i = 0; i < 1e8; i++) x += i % 7; x";

test("PoolThreads counts what isolates use, and not what the main thread does", async () => {
  const threads = new PoolThreads();
  const isolate = new ivm.Isolate({ memoryLimit: 16 });
  const context = await isolate.createContext();
  const before = threads.totalUs();
  if (!TELLS) return assert.is(before, undefined);
  await context.eval(BURN);
  const after = threads.totalUs()!;
  assert.ok(after - before! > 10_000, `${after - before!}`);
  const own = process.threadCpuUsage();
  let sum = 0;
  for (let i = 0; i < 1e8; i++) sum += i % 7;
  assert.ok(sum > 0);
  const used = process.threadCpuUsage(own);
  const quiet = threads.totalUs()! - after;
  assert.ok(quiet < (used.user + used.system) / 2, `${quiet} of ${used.user}`);
  isolate.dispose();
  threads.close();
});

test("PoolThreads counts of a thread that it sees first no more than it can have used since the last look", async () => {
  const threads = new PoolThreads();
  const isolates = Array.from({ length: 3 }, () => new ivm.Isolate({ memoryLimit: 16 }));
  const contexts = await Promise.all(isolates.map((isolate) => isolate.createContext()));
  // Those that were seen before the threads are: none, so that all are new to the second look.
  await Promise.all(contexts.map((context) => context.eval(BURN)));
  const startMs = performance.now();
  const before = threads.totalUs(true);
  const after = threads.totalUs();
  const passedUs = (performance.now() - startMs) * 1_000;
  if (TELLS)
    assert.ok(
      after! - before! <= passedUs * [...threads.list()].length,
      `${after! - before!} of ${passedUs}`,
    );
  else assert.is(after, undefined);
  for (const isolate of isolates) isolate.dispose();
  threads.close();
});

test("PoolThreads follows threads that come and go", async () => {
  const threads = new PoolThreads();
  const isolates = Array.from({ length: 8 }, () => new ivm.Isolate({ memoryLimit: 16 }));
  const contexts = await Promise.all(isolates.map((isolate) => isolate.createContext()));
  let last = threads.totalUs();
  if (!TELLS) return assert.is(last, undefined);
  for (let round = 0; round < 3; round++) {
    await Promise.all(contexts.map((context) => context.eval("for (let i = 0; i < 2e7; i++);")));
    const now = threads.totalUs()!;
    assert.ok(now >= last!);
    last = now;
  }
  for (const isolate of isolates) isolate.dispose();
  threads.close();
});

test.run();

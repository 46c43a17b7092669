import { existsSync, readdirSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import ivm from "isolated-vm";
import "../../../src/isolate/process-end.ts";
import { PoolPriority } from "../../../src/cell/supervision/pool-priority.ts";
import { PoolThreads } from "../../../src/cell/supervision/pool-threads.ts";
import { mayRaisePriority } from "../../../src/cell/supervision/process-priority.ts";

const TASKS = "/proc/self/task";
const LOW = 10;

/** Threads of that name, but for the main thread. */
function threadsCalled(name: string): number[] {
  return readdirSync(TASKS)
    .filter((task) => readFileSync(`${TASKS}/${task}/comm`, "latin1").trim() === name)
    .map(Number)
    .filter((task) => task !== process.pid);
}

async function withPool(work: (pool: () => number[]) => void): Promise<void> {
  const isolate = new ivm.Isolate({ memoryLimit: 16 });
  const context = await isolate.createContext();
  await context.eval("1 + 1");
  const name = readFileSync(`${TASKS}/${process.pid}/comm`, "latin1").trim();
  work(() => threadsCalled(name));
  isolate.dispose();
}

/** The pool's threads, which have used so much CPU as the test says. */
class ToldThreads extends PoolThreads {
  usedUs = 0;

  override *uses(): Generator<readonly [task: string, usedUs: number]> {
    for (const task of this.list()) yield [task, this.usedUs];
  }
}

if (existsSync(TASKS)) {
  test("PoolPriority lowers the threads of isolates, again where somebody raised them, and nothing else, where it may not raise", async () => {
    const threads = new PoolThreads();
    const priority = new PoolPriority(threads, false);
    const helpers = threadsCalled("node-V8Worker").map((task) => getPriority(task));
    await withPool((pool) => {
      const own = getPriority();
      priority.look();
      assert.ok(pool().length > 0);
      for (const task of pool()) assert.is(getPriority(task), LOW);
      // Raising takes a right that tests may not have.
      let raised: number | undefined;
      for (const task of pool()) {
        try {
          setPriority(task, 5);
          raised = task;
        } catch {
          // Then nobody else can do it either.
        }
      }
      priority.look();
      if (raised !== undefined) assert.is(getPriority(raised), LOW);
      assert.is(getPriority(process.pid), own);
    });
    assert.equal(
      threadsCalled("node-V8Worker").map((task) => getPriority(task)),
      helpers,
      "the loop shares a lock with V8's helpers",
    );
    threads.close();
  });
} else {
  test("PoolPriority does nothing where the system does not list threads", () => {
    const threads = new PoolThreads();
    new PoolPriority(threads, true).look();
    threads.close();
  });
}

if (existsSync(TASKS) && mayRaisePriority()) {
  test("PoolPriority lowers threads that use much CPU, and raises them when they no longer do", async () => {
    const threads = new ToldThreads();
    const priority = new PoolPriority(threads, true);
    await withPool((pool) => {
      const own = getPriority();
      const low = Math.max(own, LOW);
      const niceOfPool = (): number[] => [...new Set(pool().map((task) => getPriority(task)))];
      let nowMs = 1_000;
      const look = (usedMs: number): void => {
        threads.usedUs += usedMs * 1_000;
        nowMs += 25;
        priority.look(nowMs);
      };
      priority.look(nowMs);
      assert.equal(niceOfPool(), [own], "nothing is known of them");
      for (let i = 0; i < 40; i++) look(1);
      assert.equal(niceOfPool(), [own], "they answer in a moment");
      look(20);
      assert.equal(niceOfPool(), [low], "they compute");
      for (let i = 0; i < 40; i++) look(2);
      assert.equal(niceOfPool(), [low], "they do less, and still much");
      for (let i = 0; i < 40; i++) look(1);
      assert.equal(niceOfPool(), [own], "they do little");
    });
    threads.close();
  });
}

test.run();

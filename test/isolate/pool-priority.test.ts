import { existsSync, readdirSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import ivm from "isolated-vm";
import { PoolPriority } from "../../src/isolate/pool-priority.ts";
import { PoolThreads } from "../../src/isolate/pool-threads.ts";

const TASKS = "/proc/self/task";

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

if (existsSync(TASKS)) {
  test("PoolPriority lowers the threads of isolates, again where somebody raised them, and nothing else", async () => {
    const threads = new PoolThreads();
    const priority = new PoolPriority(threads);
    const helpers = threadsCalled("node-V8Worker").map((task) => getPriority(task));
    await withPool((pool) => {
      const own = getPriority();
      priority.lower();
      assert.ok(pool().length > 0);
      for (const task of pool()) assert.is(getPriority(task), 10);
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
      priority.lower();
      if (raised !== undefined) assert.is(getPriority(raised), 10);
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
    new PoolPriority(threads).lower();
    threads.close();
  });
}

test.run();

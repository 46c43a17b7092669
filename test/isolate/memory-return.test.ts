import { test } from "uvu";
import * as assert from "uvu/assert";
import { MemoryReturn } from "../../src/isolate/memory-return.ts";

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("MemoryReturn gives back what was disposed, also what went while it waited", async () => {
  const given: number[] = [];
  const memory = new MemoryReturn(
    () => false,
    () => given.push(performance.now()),
    200,
  );
  memory.disposed();
  await sleep(120);
  memory.disposed();
  const last = performance.now();
  while (given.length < 2) await sleep(10);
  assert.ok(given[1]! - last >= 199, `${given[1]! - last}`);
  await sleep(300);
  assert.is(given.length, 2);
  memory.close();
});

test("MemoryReturn waits for a moment in which nothing runs", async () => {
  let busy = true;
  let given = 0;
  const memory = new MemoryReturn(
    () => busy,
    () => given++,
    50,
  );
  memory.disposed();
  await sleep(150);
  assert.is(given, 0);
  busy = false;
  while (given === 0) await sleep(5);
  memory.close();
});

test.run();

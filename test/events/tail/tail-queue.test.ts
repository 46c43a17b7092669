import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TailBatch } from "../../../src/dispatch/unanswered-event.ts";
import { TailQueue } from "../../../src/events/tail/tail-queue.ts";

function make(
  delayMs = 5,
  held = { chars: 0 },
): {
  queue: TailQueue;
  batches: TailBatch[];
  finish: (() => void)[];
  dropped: number[];
  idle: () => number;
} {
  const batches: TailBatch[] = [];
  const finish: (() => void)[] = [];
  const dropped: number[] = [];
  let idle = 0;
  const queue = new TailQueue({
    delayMs,
    held,
    run: (batch) => {
      batches.push(batch);
      return new Promise((resolve) => finish.push(() => resolve(undefined)));
    },
    dropped: (count) => void dropped.push(count),
    idle: () => void idle++,
  });
  return { queue, batches, finish, dropped, idle: () => idle };
}

const entry = (index: number, chars = 10, worker = "w") => {
  return { worker, json: JSON.stringify(String(index).padEnd(chars - 2)), depth: 0 };
};
const soon = async (ms = 20): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));
const sizes = (batches: readonly TailBatch[]): number[] =>
  batches.map(({ itemsJson }) => (JSON.parse(itemsJson) as unknown[]).length);

test("TailQueue gathers events for a moment, and hands over full batches at once", async () => {
  const { queue, batches, finish, idle } = make();
  for (let i = 0; i < 3; i++) queue.push({ ...entry(i, 10, i === 2 ? "b" : "a"), depth: i });
  assert.is(batches.length, 0);
  await soon();
  assert.equal(sizes(batches), [3]);
  assert.equal([batches[0]!.workers, batches[0]!.depth], [["a", "b"], 10]);
  for (let i = 0; i < 100; i++) queue.push(entry(i));
  assert.equal(sizes(batches), [3, 100]);
  for (const done of finish) done();
  await soon(0);
  assert.is(idle(), 1);
});

test("TailQueue lets two batches run, keeps the rest within its bounds, and tells what it dropped", async () => {
  const { queue, batches, finish, dropped } = make();
  for (let i = 0; i < 1_500; i++) queue.push(entry(i));
  assert.equal(sizes(batches), [100, 100]);
  while (finish.length > 0) {
    finish.shift()!();
    await soon(0);
  }
  assert.is(
    sizes(batches).reduce((a, b) => a + b),
    1_200,
  );
  await soon(1_100);
  assert.equal(dropped, [300]);
});

test("TailQueue bounds what a batch and what waits take as JSON", async () => {
  const { queue, batches, finish, dropped } = make();
  for (let i = 0; i < 60; i++) queue.push(entry(i, 100_000));
  await soon();
  assert.equal(sizes(batches), [10, 10]);
  finish.shift()!();
  await soon(0);
  for (const { itemsJson } of batches) assert.ok(itemsJson.length < 1_100_000);
  await soon(1_100);
  assert.equal(dropped, [19]);
});

test("TailQueue bounds what the queues of an account hold together, with what is being delivered", async () => {
  const held = { chars: 0 };
  const queues = Array.from({ length: 8 }, () => make(5, held));
  const text = entry(0, 1024 * 1024);
  for (const { queue } of queues) {
    for (let i = 0; i < 6; i++) {
      queue.push(text);
      queue.flush();
    }
  }
  assert.is(held.chars, 32 * 1024 * 1024);
  // One that is done with a batch makes room, for whoever comes next.
  queues[0]!.finish.shift()!();
  await soon(0);
  assert.is(held.chars, 31 * 1024 * 1024);
  queues[7]!.queue.push(text);
  queues[7]!.queue.push(text);
  assert.is(held.chars, 32 * 1024 * 1024);
  for (let left = true; left;) {
    const finish = queues.flatMap((one) => one.finish.splice(0));
    for (const done of finish) done();
    await soon(10);
    left = finish.length > 0;
  }
  assert.is(held.chars, 0);
  await soon(1_100);
  assert.equal(
    queues.map(({ dropped }) => dropped),
    [[], [], [], [], [], [4], [6], [7]],
  );
  assert.equal(
    queues.map(({ idle }) => idle()),
    queues.map(() => 1),
  );
});

test("TailQueue that dropped something is idle once that was told", async () => {
  const { queue, finish, dropped, idle } = make();
  queue.push(entry(0, 5 * 1024 * 1024));
  queue.push(entry(1));
  await soon();
  finish.shift()!();
  await soon(0);
  assert.is(idle(), 0);
  await soon(1_100);
  assert.equal([dropped, idle()], [[1], 1]);
});

test.run();

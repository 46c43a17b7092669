import { test } from "uvu";
import * as assert from "uvu/assert";
import { In, type InMessage } from "../../../runtime-api/contract/in.ts";
import { SliceQueue } from "../../../src/cell/core/slice-queue.ts";

function chunk(event: number, sizeBytes: number): InMessage {
  return { type: In.chunk, event, stream: 1, bytes: new Uint8Array(sizeBytes) };
}

function message(event: number, data: string): InMessage {
  return { type: In.socketMessage, event, socket: 1, data };
}

test("SliceQueue knows how many bytes wait, whatever is taken of them", () => {
  const queue = new SliceQueue();
  assert.is(queue.sizeBytes, 0);
  queue.add(chunk(1, 1_000));
  queue.add(chunk(2, 500));
  queue.add(chunk(1, 10));
  assert.is(queue.sizeBytes, 1_510);
  assert.is(queue.take(1).slices.size, 1);
  assert.is(queue.sizeBytes, 500);
  queue.take(10);
  assert.is(queue.sizeBytes, 0);
});

test("SliceQueue counts the messages of WebSockets that wait for a later turn, until they are dropped", () => {
  const queue = new SliceQueue();
  for (let i = 0; i < 3; i++) queue.add(message(1, "x".repeat(100)));
  queue.add(chunk(2, 7));
  assert.is(queue.sizeBytes, 307);
  queue.take(1);
  assert.is(queue.sizeBytes, 207);
  queue.take(10);
  assert.is(queue.sizeBytes, 100);
  queue.add(message(1, "y".repeat(50)));
  assert.is(queue.sizeBytes, 150);
  queue.add({ type: In.drop, event: 1 });
  assert.is(queue.sizeBytes, 100);
  queue.take(10);
  assert.is(queue.sizeBytes, 0);
});

test("SliceQueue takes an event back that is dropped before its isolate saw it, and tells of others", () => {
  const queue = new SliceQueue();
  const trigger = { type: In.scheduled, cron: "* * * * *", scheduledTimeMs: 0 } as const;
  for (const event of [1, 2, 3]) queue.add({ ...trigger, event });
  queue.add(chunk(2, 100));
  queue.add({ type: In.drop, event: 2 });
  assert.equal([...queue.take(1).slices.keys()], [1]);
  queue.add({ type: In.drop, event: 1 });
  assert.equal([...queue.take(10).slices.keys()], [3, 1], "the first has been seen: it hears of its end");
  assert.is(queue.sizeBytes, 0);
  assert.ok(queue.isEmpty);
});

test.run();

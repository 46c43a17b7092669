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

test("SliceQueue reads each message of a WebSocket once, however many wait, and keeps their order", () => {
  const COUNT = 3_000;
  for (const most of [1_000, 1]) {
    const queue = new SliceQueue();
    let reads = 0;
    for (let i = 0; i < COUNT; i++) {
      queue.add({
        type: In.socketMessage,
        event: 1,
        socket: 1,
        get data() {
          reads++;
          return String(i);
        },
      });
      queue.add({ type: In.credit, event: 1, stream: 1, bytes: i });
      if (i % 10 === 0) queue.add(chunk(2, 5));
    }
    const seen: unknown[] = [];
    let turns = 0;
    while (!queue.isEmpty) {
      turns++;
      const slice = queue.take(most).slices.get(1);
      if (slice === undefined) continue;
      seen.push(slice[4]);
      assert.equal(slice, [1, 0, In.socketMessage, 1, slice[4], In.credit, 1, Number(slice[4])]);
    }
    assert.equal(
      seen,
      Array.from({ length: COUNT }, (_, i) => String(i)),
    );
    assert.is(turns, most === 1 ? COUNT + 1 : COUNT);
    assert.is(reads, COUNT);
    assert.is(queue.sizeBytes, 0);
  }
});

test.run();

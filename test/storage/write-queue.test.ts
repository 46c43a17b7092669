import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KvWrite } from "../../src/storage/kv-write.ts";
import { WriteQueue } from "../../src/storage/write-queue.ts";

function waiting(bytes: number): { write: KvWrite; resolve(): void; reject(): void } {
  const write = { kind: "put", key: new Uint8Array(1), value: new Uint8Array(bytes), meta: null } as const;
  return { write: { ...write, expires: null, ifRev: null }, resolve() {}, reject() {} };
}

test("WriteQueue serves an account that has nothing with the writer before one with many namespaces", () => {
  const queue = new WriteQueue();
  for (let ns = 0; ns < 10; ns++) queue.assign(ns, "many");
  queue.assign(10, "few");
  for (let ns = 0; ns <= 10; ns++) assert.ok(queue.push(ns, waiting(10)));
  assert.is(queue.take()?.ns, 0);
  assert.is(queue.take()?.ns, 10);
  assert.is(queue.take()?.ns, 1);
  queue.done(10);
  queue.push(10, waiting(10));
  assert.is(queue.take()?.ns, 10);
});

test("WriteQueue leaves room to other accounts", () => {
  const queue = new WriteQueue({ totalBytes: 1_000_000, namespaceBytes: 1_000_000, namespaceWrites: 1_000 });
  queue.assign(1, "many");
  queue.assign(2, "many");
  queue.assign(3, "few");
  let pushed = 0;
  while (queue.push(1 + (pushed % 2), waiting(1_000))) pushed++;
  assert.ok(pushed > 250 && pushed < 500, `${pushed}`);
  assert.ok(queue.push(3, waiting(100_000)));
  queue.drain();
  assert.ok(queue.push(1, waiting(1_000)));
});

test("WriteQueue takes the removal of a namespace however much waits: a tenant could keep its file for ever", () => {
  const queue = new WriteQueue({ totalBytes: 1_000_000, namespaceBytes: 10_000, namespaceWrites: 3 });
  queue.assign(1, "acme");
  while (queue.push(1, waiting(1)));
  assert.ok(queue.push(1, { ...waiting(0), write: { kind: "drop" } }));
  assert.is(queue.take()?.entries.length, 3);
  queue.done(1);
  assert.is(queue.take()?.entries[0]?.write.kind, "drop");
  queue.done(1);
  // All that was taken in is given back.
  assert.ok(queue.empty);
  assert.ok(queue.push(1, waiting(9_000)));
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { KvRooms } from "../../../src/bindings/kv/kv-rooms.ts";
import { MemoryKv } from "../../../src/storage/memory-kv.ts";
import { fails, KvRig } from "./kv-rig.ts";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A body that has given `bytes` and goes on when the test says so; `pulled` counts what was asked for. */
function stalled(bytes: number): { stream: ReadableStream<Uint8Array>; pulled: number; end: () => void } {
  let ended = (): void => {};
  const source = {
    pulled: 0,
    end: (): void => ended(),
    stream: new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (source.pulled++ === 0) return controller.enqueue(new Uint8Array(bytes));
          return new Promise((resolve) => {
            ended = () => {
              controller.close();
              resolve();
            };
          });
        },
      },
      { highWaterMark: 0 },
    ),
  };
  return source;
}

test("an account has four uploads at once, whatever number of namespaces it has", async () => {
  const rooms = new KvRooms();
  const store = new MemoryKv();
  const bodies = Array.from({ length: 6 }, () => stalled(10));
  const puts = bodies.map(({ stream }, ns) => new KvRig({ rooms, store, ns: ns + 1 }).put("k", stream));
  for (let turn = 0; turn < 10; turn++) await settled();
  assert.equal(
    bodies.map(({ pulled }) => Math.min(pulled, 1)),
    [1, 1, 1, 1, 0, 0],
  );
  bodies[0]!.end();
  await puts[0];
  while (bodies[4]!.pulled < 2) await settled();
  assert.is(bodies[5]!.pulled, 0);
  for (const body of bodies.slice(1, 5)) body.end();
  await puts[1];
  while (bodies[5]!.pulled < 2) await settled();
  bodies[5]!.end();
  await Promise.all(puts);
});

test("an upload takes each chunk of the account's room, and fails where none comes free in time", async () => {
  const rooms = new KvRooms({ uploadBytes: { all: 1_000, perAccount: 100 }, patienceMs: 20 });
  const first = stalled(60);
  const kv = new KvRig({ rooms });
  const put = kv.put("k", first.stream);
  while (first.pulled < 2) await settled();
  const second = stalled(41);
  await fails(kv.put("l", second.stream), "Error", "KV PUT failed: 503 Service Unavailable");
  assert.is(second.pulled, 1);
  first.end();
  await put;
  // What was held is given back, by those that failed too.
  const third = stalled(100);
  const last = kv.put("m", third.stream);
  while (third.pulled < 2) await settled();
  third.end();
  await last;
  assert.is((await kv.get("m")).found, true);
});

test.run();

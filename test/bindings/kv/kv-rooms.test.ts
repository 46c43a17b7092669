import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { KvRooms } from "../../../src/bindings/kv/kv-rooms.ts";
import { MemoryKv } from "../../../src/storage/memory-kv.ts";
import { fails, KvRig } from "./kv-rig.ts";

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
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  assert.equal(
    bodies.map(({ pulled }) => Math.min(pulled, 1)),
    [1, 1, 1, 1, 0, 0],
  );
  bodies[0]!.end();
  await puts[0];
  while (bodies[4]!.pulled < 2) await nextTurn();
  assert.is(bodies[5]!.pulled, 0);
  for (const body of bodies.slice(1, 5)) body.end();
  await puts[1];
  while (bodies[5]!.pulled < 2) await nextTurn();
  bodies[5]!.end();
  await Promise.all(puts);
});

test("an upload takes each chunk of the account's room, and fails where none comes free in time", async () => {
  const rooms = new KvRooms({ uploadBytes: { all: 1_000, perAccount: 100 }, patienceMs: 20 });
  const first = stalled(60);
  const kv = new KvRig({ rooms });
  const put = kv.put("k", first.stream);
  while (first.pulled < 2) await nextTurn();
  const second = stalled(41);
  await fails(kv.put("l", second.stream), "Error", "KV PUT failed: 503 Service Unavailable");
  assert.is(second.pulled, 1);
  first.end();
  await put;
  // What was held is given back, by those that failed too.
  const third = stalled(100);
  const last = kv.put("m", third.stream);
  while (third.pulled < 2) await nextTurn();
  third.end();
  await last;
  assert.is((await kv.get("m")).found, true);
});

test("a read fails where no room comes free in time, and takes none then", async () => {
  const rooms = new KvRooms({ readBytes: { all: 512 * 1024, perAccount: 128 * 1024 }, patienceMs: 20 });
  const kv = new KvRig({ rooms });
  await kv.put("a", "x".repeat(40_000));
  await kv.put("b", "x".repeat(40_000));
  const [, first] = await kv.call("getMany", null, "a", "b");
  await fails(kv.call("getMany", null, "a", "b"), "Error", "KV GET_BULK failed: 503 Service Unavailable");
  await fails(kv.list(null, 30), "Error", "KV GET failed: 503 Service Unavailable");
  assert.is((await kv.streamed(first)).length, 80_000);
  const [, second] = await kv.call("getMany", null, "a", "b");
  assert.is((await kv.streamed(second)).length, 80_000);
  assert.is((await kv.list(null, 30)).keys.length, 2);
});

test("many small reads of others do not keep out a large one", async () => {
  const MB = 1024 ** 2;
  const rooms = new KvRooms({ readBytes: { all: 8 * MB, perAccount: 4 * MB }, patienceMs: 600_000 });
  const { signal } = new AbortController();
  const entered: string[] = [];
  const take = (account: string, bytes: number): Promise<void> =>
    rooms.takeForRead("GET", account, bytes, signal).then(() => void entered.push(account));
  await take("small", MB);
  const large = take("large", 4 * MB);
  const small = take("small", MB);
  for (let turn = 0; turn < 5; turn++) await nextTurn();
  assert.equal(entered, ["small"]);
  rooms.giveFromRead("small", MB);
  await Promise.all([large, small]);
});

test.run();

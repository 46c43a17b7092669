import { test } from "uvu";
import * as assert from "uvu/assert";
import { WaitingRoom } from "../../src/limits/waiting-room.ts";

const never: AbortSignal = AbortSignal.any([]);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes, and notes the name when that is done. */
function taker(
  room: WaitingRoom,
  done: string[],
): (account: string, name: string, amount: number, signal?: AbortSignal) => void {
  return (account, name, amount, signal = never) => {
    void room.take(account, amount, signal).then(
      () => done.push(name),
      (error: Error) => done.push(`${name} ${error.message}`),
    );
  };
}

test("WaitingRoom serves accounts in turn, and each in its order", async () => {
  const room = new WaitingRoom({ all: 100, perAccount: 10 });
  const done: string[] = [];
  const take = taker(room, done);
  take("a", "a1", 10);
  take("a", "a2", 8);
  // It would fit, but it is not its turn.
  take("a", "a3", 1);
  take("b", "b1", 10);
  await settled();
  assert.equal(done, ["a1", "b1"]);
  room.give("a", 9);
  await settled();
  assert.equal(done, ["a1", "b1", "a2", "a3"]);
});

test("WaitingRoom gives nothing to one that has gone, and lets those behind it in", async () => {
  const room = new WaitingRoom({ all: 100, perAccount: 10 });
  const done: string[] = [];
  const take = taker(room, done);
  const leaves = new AbortController();
  take("a", "a1", 5);
  take("a", "a2", 9, leaves.signal);
  take("a", "a3", 5);
  await settled();
  assert.equal(done, ["a1"]);
  leaves.abort(new Error("left"));
  await settled();
  assert.equal(done.toSorted(), ["a1", "a2 left", "a3"]);
  room.give("a", 10);
  take("a", "a4", 10);
  take("a", "a5", 1, leaves.signal);
  await settled();
  assert.equal(done.slice(3).toSorted(), ["a4", "a5 left"]);
});

test.run();

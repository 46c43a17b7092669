import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WaitingRoom } from "../../src/limits/waiting-room.ts";

const never: AbortSignal = AbortSignal.any([]);

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
  await nextTurn();
  assert.equal(done, ["a1", "b1"]);
  room.give("a", 9);
  await nextTurn();
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
  await nextTurn();
  assert.equal(done, ["a1"]);
  leaves.abort(new Error("left"));
  await nextTurn();
  assert.equal(done.toSorted(), ["a1", "a2 left", "a3"]);
  room.give("a", 10);
  take("a", "a4", 10);
  take("a", "a5", 1, leaves.signal);
  await nextTurn();
  assert.equal(done.slice(3).toSorted(), ["a4", "a5 left"]);
});

test("WaitingRoom lets no account that holds some pass one that holds nothing, if it is to keep that order", async () => {
  for (const emptyFirst of [true, false]) {
    const room = new WaitingRoom({ all: 100, perAccount: 40 }, { emptyFirst });
    const done: string[] = [];
    const take = taker(room, done);
    take("a", "a1", 40);
    take("b", "b1", 5);
    // Half of what nobody has is 27.
    take("large", "large", 30);
    take("b", "b2", 5);
    // It holds nothing either: a room that is almost full is not shut by one that waits for much.
    take("c", "c1", 5);
    assert.is(room.tryTake("b", 1), !emptyFirst);
    await nextTurn();
    assert.equal(done, emptyFirst ? ["a1", "b1", "c1"] : ["a1", "b1", "b2", "c1"], String(emptyFirst));
    room.give("a", 40);
    await nextTurn();
    // Those that had to wait for it come in with it, though they stood before it.
    assert.equal(done.toSorted(), ["a1", "b1", "b2", "c1", "large"]);
  }
});

test("WaitingRoom serves who stood before one that went, or that no longer holds nothing", async () => {
  const room = new WaitingRoom({ all: 100, perAccount: 40 }, { emptyFirst: true });
  const done: string[] = [];
  const take = taker(room, done);
  const leaves = new AbortController();
  take("a", "a1", 40);
  take("b", "b1", 5);
  take("large", "large", 40, leaves.signal);
  take("b", "b2", 5);
  await nextTurn();
  assert.equal(done, ["a1", "b1"]);
  leaves.abort(new Error("left"));
  await nextTurn();
  assert.equal(done.toSorted(), ["a1", "b1", "b2", "large left"]);
  room.give("b", 10);
  take("b", "b3", 5);
  take("d", "d1", 40);
  take("b", "b4", 5);
  take("d", "d2", 1);
  room.give("b", 5);
  room.give("a", 40);
  await nextTurn();
  assert.equal(done.slice(4).toSorted(), ["b3", "b4", "d1"]);
  room.give("d", 40);
  await nextTurn();
  assert.is(done.at(-1), "d2");
});

test.run();

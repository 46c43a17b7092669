import { test } from "uvu";
import * as assert from "uvu/assert";
import { FairQueue } from "../../../src/bindings/crypto/fair-queue.ts";

const never = new AbortController().signal;

/** Lets settled promises run on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

test("FairQueue lets accounts take turns", async () => {
  const queue = new FairQueue({ places: 1, longPlaces: 1 });
  const order: string[] = [];
  const first = await queue.enter("x", false, never);
  const run = async (account: string): Promise<void> => {
    const leave = await queue.enter(account, false, never);
    order.push(account);
    leave();
  };
  const all = ["a", "a", "a", "b", "b", "c"].map(run);
  first();
  await Promise.all(all);
  assert.equal(order, ["a", "b", "c", "a", "b", "a"]);
});

test("FairQueue never gives all places to long operations", async () => {
  const queue = new FairQueue({ places: 2, longPlaces: 1 });
  const leaveLong = await queue.enter("a", true, never);
  let second = false;
  const waiting = queue.enter("b", true, never).then((leave) => {
    second = true;
    return leave;
  });
  await settle();
  assert.is(second, false);
  const leaveShort = await queue.enter("a", false, never);
  leaveShort();
  await settle();
  assert.is(second, false);
  leaveLong();
  (await waiting)();
});

test("FairQueue lets long operations run though short ones always wait", async () => {
  const queue = new FairQueue({ places: 1, longPlaces: 1 });
  const order: string[] = [];
  const first = await queue.enter("x", false, never);
  const run = async (isLong: boolean): Promise<void> => {
    const leave = await queue.enter("a", isLong, never);
    order.push(isLong ? "long" : "short");
    leave();
  };
  const all = [false, false, false, false, true, true].map(run);
  first();
  await Promise.all(all);
  assert.ok(order.indexOf("long") < 2);
});

test("FairQueue forgets those who give up", async () => {
  const queue = new FairQueue({ places: 1, longPlaces: 1 });
  const first = await queue.enter("a", false, never);
  const abort = new AbortController();
  const gaveUp = queue.enter("a", false, abort.signal).catch((reason: unknown) => reason);
  const stays = queue.enter("a", false, never);
  abort.abort("enough");
  assert.is(await gaveUp, "enough");
  first();
  (await stays)();
  const late = await queue.enter("a", false, abort.signal).catch((reason: unknown) => reason);
  assert.is(late, "enough");
  (await queue.enter("a", false, never))();
});

test.run();

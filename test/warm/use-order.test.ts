import { test } from "uvu";
import * as assert from "uvu/assert";
import { UseOrder } from "../../src/warm/use-order.ts";
import type { WarmIsolate } from "../../src/warm/warm-isolate.ts";

function isolate(id: number, account: string): WarmIsolate {
  return {
    id,
    version: { account },
    isPinned: false,
    state: "warm",
    lastUsedMs: 0,
  } as unknown as WarmIsolate;
}

test("UseOrder has isolates in the order of their last use, and gives up the one that was not used for longest", () => {
  const order = new UseOrder();
  const [one, two, three] = [isolate(1, "a"), isolate(2, "b"), isolate(3, "c")];
  for (const [at, each] of [one, two, three, one, one].entries()) order.touch(each, at);
  assert.equal([...order.values()], [two, three, one]);
  assert.is(one.lastUsedMs, 4);
  assert.is(order.victimFor("new"), two);
  assert.is(order.victimFor("c"), three, "an account that has its share gives one of its own");
  assert.is(order.delete(two), true);
  assert.is(order.delete(two), false);
  assert.is(order.victimFor("new"), three);
  assert.is(order.get(2), undefined);
  assert.is(order.size, 2);
});

test("UseOrder takes back an isolate that was the last one used before it left", () => {
  const order = new UseOrder();
  const only = isolate(1, "a");
  order.touch(only, 0);
  order.delete(only);
  order.touch(only, 1);
  assert.equal([...order.values()], [only]);
  assert.is(order.victimFor("b"), only);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { SharedRoom } from "../../src/limits/shared-room.ts";

test("SharedRoom bounds each account, and leaves room for who comes later", () => {
  const room = new SharedRoom({ all: 1_000, perAccount: 400 });
  const fill = (account: string): number => {
    let count = 0;
    while (room.take(account, 1)) count++;
    return count;
  };
  const first = fill("a");
  // An account has as much as half of what is left: a third of all.
  assert.ok(first >= 333 && first <= 334, `${first}`);
  for (let i = 0; i < 20; i++) assert.ok(fill(`hog ${i}`) >= 0);
  assert.not.ok(room.take("a", 1));
  for (let i = 0; i < first; i++) room.give("a", 1);
  assert.ok(fill("late") > 100);
  assert.not.ok(new SharedRoom({ all: 1_000, perAccount: 10 }).take("a", 11));
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { FirstTurn } from "../../src/isolate/first-turn.ts";

test("FirstTurn waits for the first turn of the isolate that was loaded last, and not for ever", () => {
  const first = new FirstTurn();
  assert.is(first.isAwaited(0), false);
  first.loaded(1, 100);
  assert.is(first.isAwaited(101), true);
  first.turned(2);
  assert.is(first.isAwaited(101), true, "the turn of another one");
  first.turned(1);
  assert.is(first.isAwaited(101), false);
  first.loaded(3, 200);
  first.turned(1);
  assert.is(first.isAwaited(201), true);
  assert.is(first.isAwaited(1_000), false, "no event came");
});

test.run();

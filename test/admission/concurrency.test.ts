import { test } from "uvu";
import * as assert from "uvu/assert";
import { Concurrency } from "../../src/admission/concurrency.ts";

test("Concurrency.enter gives as many places as the limit, for each key apart", () => {
  const concurrency = new Concurrency();
  assert.is(concurrency.enter("a", 2), true);
  assert.is(concurrency.enter("a", 2), true);
  assert.is(concurrency.enter("a", 2), false);
  assert.is(concurrency.enter("b", 2), true);
  assert.is(concurrency.running("a"), 2);
});

test("Concurrency.leave frees a place, and forgets a key that has none taken", () => {
  const concurrency = new Concurrency();
  concurrency.enter("a", 1);
  concurrency.leave("a");
  assert.is(concurrency.running("a"), 0);
  assert.is(concurrency.enter("a", 1), true);
});

test.run();

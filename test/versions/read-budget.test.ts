import { test } from "uvu";
import * as assert from "uvu/assert";
import { ReadBudget } from "../../src/versions/read-budget.ts";

test("ReadBudget gives half a second at once, and a twentieth of the time after that", () => {
  let nowMs = 0;
  const budget = new ReadBudget(() => nowMs);
  budget.charge("a", 499_999);
  assert.ok(budget.has("a"));
  budget.charge("a", 1_000_001);
  nowMs = 20_000;
  assert.not(budget.has("a"));
  assert.ok(budget.has("b"));
  nowMs = 20_001;
  assert.ok(budget.has("a"));
});

test("ReadBudget forgets accounts that have all of it again", () => {
  let nowMs = 0;
  const budget = new ReadBudget(() => nowMs);
  for (let account = 0; account < 100; account++) budget.charge(`a${account}`, 50);
  assert.is(budget.size, 100);
  nowMs = 1;
  budget.charge("b", 50);
  assert.is(budget.size, 1);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { CpuBudget } from "../../src/admission/cpu-budget.ts";

test("CpuBudget fills evenly, up to a minute's worth, and may run into debt", () => {
  const budget = new CpuBudget(6_000, 0);
  assert.is(budget.leftMs(60_000), 6_000);
  budget.charge(6_500);
  assert.ok(budget.isEmpty(60_000));
  assert.not.ok(budget.isOverdrawn(60_000));
  assert.ok(Math.abs(budget.refillsInMs(60_000) - 5_010) < 1);
  assert.ok(budget.isEmpty(64_900));
  assert.not.ok(budget.isEmpty(65_100));
  budget.charge(6_100);
  assert.ok(budget.isOverdrawn(65_100));
  assert.is(budget.leftMs(1_000_000), 6_000);
});

test("CpuBudget without a limit is never empty", () => {
  const budget = new CpuBudget(Infinity, 0);
  budget.charge(1e12);
  assert.not.ok(budget.isEmpty(1));
  assert.not.ok(budget.isOverdrawn(1));
  assert.is(budget.refillsInMs(1), 0);
});

test.run();

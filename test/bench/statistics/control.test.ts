import { test } from "uvu";
import * as assert from "uvu/assert";
import { judgeChange, judgeControl } from "../../../bench/statistics/control.ts";

test("a control run whose interval leaves out 1 concludes nothing", () => {
  assert.equal(judgeControl({ value: 1.02, low: 0.95, high: 1.1 }).conclusive, true);
  assert.ok(Math.abs(judgeControl({ value: 1.02, low: 0.95, high: 1.1 }).noise - 0.1) < 1e-9);
  assert.equal(judgeControl({ value: 1.2, low: 1.1, high: 1.3 }).conclusive, false);
});

test("a change counts only beyond its interval, and in the direction that is better for its metric", () => {
  const less = { value: 0.8, low: 0.7, high: 0.9 };
  assert.is(judgeChange(less, true), "better");
  assert.is(judgeChange(less, false), "worse");
  assert.is(judgeChange({ value: 0.8, low: 0.7, high: 1.01 }, true), "same");
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { boundOf, shareWithin } from "../../../bench/statistics/student-t.ts";

test("bounds are those of the tables", () => {
  for (const [freedom, bound95, bound99] of [
    [1, 12.706, 63.657],
    [2, 4.303, 9.925],
    [3, 3.182, 5.841],
    [4, 2.776, 4.604],
    [9, 2.262, 3.25],
    [30, 2.042, 2.75],
  ] as const) {
    assert.ok(Math.abs(boundOf(0.95, freedom) - bound95) < 1e-3, `${freedom}: ${boundOf(0.95, freedom)}`);
    assert.ok(Math.abs(boundOf(0.99, freedom) - bound99) < 1e-3, `${freedom}: ${boundOf(0.99, freedom)}`);
  }
});

test("what is behind the point of the degrees makes a share smaller, never larger", () => {
  assert.is(shareWithin(2, 3.9), shareWithin(2, 3));
  assert.ok(shareWithin(2, 3) < shareWithin(2, 4));
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { quantile, sort } from "../../../bench/statistics/quantile.ts";

test("quantiles lie between neighbours, as R's type 7 has them", () => {
  const sorted = sort([4, 1, 3, 2]);
  assert.equal([...sorted], [1, 2, 3, 4]);
  for (const [share, value] of [
    [0, 1],
    [0.25, 1.75],
    [0.5, 2.5],
    [0.9, 3.7],
    [1, 4],
  ] as const) {
    assert.ok(Math.abs(quantile(sorted, share) - value) < 1e-12, `${share}`);
  }
  assert.is(quantile([7], 0.99), 7);
});

test.run();

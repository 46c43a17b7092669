import { test } from "uvu";
import * as assert from "uvu/assert";
import { compact, countOf, Distribution } from "../../../bench/statistics/distribution.ts";

test("few samples are kept as they came; of many none is left out, the largest least of all", () => {
  assert.equal(compact([3, 1, 2], 3), [3, 1, 2]);
  const many = Array.from({ length: 10_000 }, (_, at) => 100 + (at % 100) / 100);
  many[5_001] = 98_765.4;
  const written = compact(many, 100);
  assert.is(countOf(written), 10_000);
  const { count, least, most } = Distribution.of(written);
  assert.equal([count, least, most], [10_000, 100, 98_800]);
});

test("equal samples take one place", () => {
  const { values, counts } = Distribution.of([2, 1, 2, 5]);
  assert.equal(
    [[...values], [...counts]],
    [
      [1, 2, 5],
      [1, 2, 1],
    ],
  );
});

test.run();

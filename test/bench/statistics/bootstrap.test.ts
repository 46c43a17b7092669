import { test } from "uvu";
import * as assert from "uvu/assert";
import { estimateQuantile, estimateRatio } from "../../../bench/statistics/bootstrap.ts";
import { seededRandom } from "../../../bench/statistics/random.ts";

/** Rounds of samples around a middle, each round shifted by something of its own. */
function rounds(middle: number, seed: number, { count = 5, shift = 0.2 } = {}): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const own = middle * (1 + (random() - 0.5) * shift);
    return Array.from({ length: 80 }, () => own * (0.9 + random() * 0.2));
  });
}

test("an interval of the median holds the true one about as often as it says", () => {
  let held = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const { low, high } = estimateQuantile(rounds(100, seed, { count: 12 }), 0.5);
    if (low <= 100 && high >= 100) held++;
  }
  // 95 % of sixty are 57; a bootstrap over twelve rounds is a little narrow.
  assert.ok(held >= 49, `${held} of 60`);
});

test("rounds that differ make an interval wider, however many samples each has", () => {
  const width = ({ low, high }: { low: number; high: number }): number => high - low;
  const calm = width(estimateQuantile(rounds(100, 3, { shift: 0 }), 0.5));
  const restless = width(estimateQuantile(rounds(100, 3, { shift: 0.5 }), 0.5));
  assert.ok(restless > calm * 3, `${restless} against ${calm}`);
});

test("a ratio of pairs is not widened by what slowed both down", () => {
  const slow = [1, 3, 1, 5, 2];
  const ours = slow.map((by, i) => rounds(10 * by, i + 1, { count: 1, shift: 0 })[0]!);
  const theirs = slow.map((by, i) => rounds(20 * by, i + 50, { count: 1, shift: 0 })[0]!);
  const paired = estimateRatio(ours, theirs, 0.5);
  const apart = estimateRatio(ours, theirs, 0.5, false);
  assert.ok(Math.abs(paired.value - 0.5) < 0.05, String(paired.value));
  assert.ok(paired.low < 0.5 && paired.high > 0.5);
  assert.ok(paired.high - paired.low < (apart.high - apart.low) / 2);
});

test("the same samples give the same interval each time", () => {
  assert.equal(estimateQuantile(rounds(100, 9), 0.99), estimateQuantile(rounds(100, 9), 0.99));
});

test("no samples and rounds that are no pairs are refused", () => {
  assert.throws(() => estimateQuantile([], 0.5), "a quantile of no samples was asked for");
  assert.throws(() => estimateQuantile([[1]], 1.5), "share is 1.5; it must be from 0 to 1");
  assert.throws(() => estimateRatio([[1]], [[1], [2]], 0.5), "there are 1 rounds of one and 2 of the other");
});

test.run();

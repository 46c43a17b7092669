import { test } from "uvu";
import * as assert from "uvu/assert";
import { PRESETS } from "../../../bench/laboratory/presets.ts";
import { estimateQuantile, estimateRatio, type Rounds } from "../../../bench/statistics/bootstrap.ts";
import { Distribution } from "../../../bench/statistics/distribution.ts";
import { seededRandom } from "../../../bench/statistics/random.ts";

/** Rounds of samples around a middle, each round shifted by something of its own. */
function rounds(middle: number, seed: number, { count = 5, shift = 0.2, samples = 80 } = {}): Rounds {
  const random = seededRandom(seed * 7_919);
  // The sum of some numbers from 0 to 1 lies about as normal ones do.
  const normal = (): number => Array.from({ length: 12 }, random).reduce((sum, one) => sum + one, -6);
  return new Map(
    Array.from({ length: count }, (_, round) => {
      const own = middle * Math.exp(normal() * (shift / 4));
      const all = Array.from({ length: samples }, () => own * (0.9 + random() * 0.2));
      return [round, Distribution.of(all)] as const;
    }),
  );
}

function held(of: (seed: number) => { low: number; high: number }, value: number, trials: number): number {
  let count = 0;
  for (let seed = 1; seed <= trials; seed++) {
    const { low, high } = of(seed);
    if (low <= value && high >= value) count++;
  }
  return count / trials;
}

for (const count of new Set([...Object.values(PRESETS).map(({ size }) => size.rounds), 2, 12]))
  test(`of ${count} rounds, intervals hold the true median and the true ratio about as often as they say`, () => {
    const median = held((seed) => estimateQuantile(rounds(100, seed, { count }), 0.5), 100, 300);
    const ratio = held(
      (seed) =>
        estimateRatio(
          rounds(50, seed, { count, samples: 1 }),
          rounds(100, seed + 1_000, { count, samples: 1 }),
          0.5,
        )!,
      0.5,
      300,
    );
    for (const [name, share] of Object.entries({ median, ratio }))
      assert.ok(share >= 0.91 && share <= 0.99, `${name}: ${share}`);
  });

test("rounds that differ make an interval wider, however many samples each has", () => {
  const width = ({ low, high }: { low: number; high: number }): number => high - low;
  const calm = width(estimateQuantile(rounds(100, 3, { shift: 0 }), 0.5));
  const restless = width(estimateQuantile(rounds(100, 3, { shift: 0.5 }), 0.5));
  assert.ok(restless > calm * 3, `${restless} against ${calm}`);
});

test("a ratio of pairs is not widened by what slowed both down, and pairs are rounds with the same number", () => {
  const slow = [1, 3, 1, 5, 2];
  const of = (middle: number, seed: number): Rounds =>
    new Map(
      slow.map((by, round) => [round, rounds(middle * by, seed + round, { count: 1, shift: 0 }).get(0)!]),
    );
  const [ours, theirs] = [of(10, 1), of(20, 50)];
  const paired = estimateRatio(ours, theirs, 0.5)!;
  const apart = estimateRatio(ours, theirs, 0.5, false)!;
  assert.ok(Math.abs(paired.value - 0.5) < 0.05, String(paired.value));
  assert.ok(paired.low < 0.5 && paired.high > 0.5);
  assert.ok(paired.high - paired.low < (apart.high - apart.low) / 2);
  assert.ok(paired.chance < 1e-4 && apart.chance > 0.05, `${paired.chance}, ${apart.chance}`);
  const withoutOne = new Map([...ours].filter(([round]) => round !== 1));
  assert.ok(Math.abs(estimateRatio(withoutOne, theirs, 0.5)!.value - 0.5) < 0.05);
});

test("each round weighs the same, however many samples it has", () => {
  const few = Distribution.of([10, 10]);
  const many = Distribution.of({ values: [20], counts: [1_000_000] });
  const { value } = estimateQuantile(
    new Map([...[0, 1].map((round) => [round, few] as const), [2, many]]),
    0.5,
  );
  assert.is(value, 10);
});

test("the same samples give the same interval each time", () => {
  assert.equal(estimateQuantile(rounds(100, 9), 0.99), estimateQuantile(rounds(100, 9), 0.99));
});

test("one round says nothing of the next, and without samples there is nothing to say", () => {
  const one = new Map([[0, Distribution.of([1, 2, 3])]]);
  assert.equal(estimateQuantile(one, 0.5), { value: 2, low: 0, high: Infinity });
  assert.equal(estimateRatio(one, one, 0.5), { value: 1, chance: 1, low: 0, high: Infinity });
  assert.is(estimateRatio(one, new Map(), 0.5), null);
  assert.is(estimateRatio(one, new Map([[1, Distribution.of([1])]]), 0.5), null);
  assert.throws(() => estimateQuantile(new Map(), 0.5), /a quantile of no samples was asked for/);
  assert.throws(() => estimateQuantile(one, 1.5), /share is 1\.5; it must be from 0 to 1/);
});

test.run();

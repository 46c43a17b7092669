import { test } from "uvu";
import * as assert from "uvu/assert";
import { Distribution } from "../../../bench/statistics/distribution.ts";
import { Pool } from "../../../bench/statistics/pool.ts";
import { quantile, sort } from "../../../bench/statistics/quantile.ts";
import { seededRandom } from "../../../bench/statistics/random.ts";

const SHARES = [0, 0.1, 0.25, 0.5, 0.77, 0.9, 0.99, 1];

test("quantiles of rounds with equally many samples are those of all samples in one pot", () => {
  const random = seededRandom(5);
  const rounds = [0, 1, 2].map(() => Array.from({ length: 40 }, () => Math.round(random() * 30)));
  const pool = new Pool(rounds.map((samples) => Distribution.of(samples)));
  for (const share of SHARES) {
    const expected = quantile(sort(rounds.flat()), share);
    assert.ok(
      Math.abs(pool.quantile(share) - expected) < 1e-9,
      `${share}: ${pool.quantile(share)}, ${expected}`,
    );
  }
});

test("a round that counts twice is as two rounds, and one that counts no time as none", () => {
  const a = [1, 5, 9, 11];
  const b = [2, 4, 30, 40];
  const pool = new Pool([Distribution.of(a), Distribution.of(b)]);
  for (const share of SHARES) {
    const twice = quantile(sort([...a, ...a, ...b]), share);
    assert.ok(Math.abs(pool.quantile(share, [2, 1]) - twice) < 1e-9, `${share}`);
    assert.ok(Math.abs(pool.quantile(share, [0, 1]) - quantile(sort(b), share)) < 1e-9, `${share}`);
  }
});

test.run();

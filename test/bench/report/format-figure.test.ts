import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatEstimate, formatRatio } from "../../../bench/report/format-figure.ts";

test("an interval whose ends are no figures of use is told in words", () => {
  assert.is(formatEstimate({ value: 1_250, low: 900, high: 2_000 }, "us"), "1.25 ms (900 us to 2.00 ms)");
  const wild = { value: 1_250, low: 0.1, high: 1e12 };
  assert.is(formatEstimate(wild, "us"), "1.25 ms (rounds too unlike to say)");
  assert.is(formatRatio({ value: 34.2, low: 1e-7, high: 4e7 }), "34.2 (?)");
  const { value } = wild;
  assert.is(formatEstimate({ value, low: 0, high: Infinity }, "us"), "1.25 ms (one round: no interval)");
});

test.run();

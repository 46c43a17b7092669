import { test } from "uvu";
import * as assert from "uvu/assert";
import { judgeChanges, judgeControl } from "../../../bench/statistics/control.ts";

test("a control run whose interval leaves out 1 concludes nothing", () => {
  assert.equal(judgeControl({ value: 1.02, low: 0.95, high: 1.1 })!.conclusive, true);
  assert.ok(Math.abs(judgeControl({ value: 1.02, low: 0.95, high: 1.1 })!.noise - 0.1) < 1e-9);
  assert.equal(judgeControl({ value: 1.2, low: 1.1, high: 1.3 })!.conclusive, false);
});

test("one round is no control run", () => {
  assert.is(judgeControl({ value: 1, low: 0, high: Infinity }), null);
  assert.is(judgeControl(null), null);
});

test("a change counts in the direction that is better for its metric", () => {
  const ratio = { value: 0.8, low: 0.7, high: 0.9, chance: 0.001 };
  const [less, more] = judgeChanges([
    { ratio, lessIsBetter: true },
    { ratio, lessIsBetter: false },
  ]);
  assert.equal([less!.difference, more!.difference], ["better", "worse"]);
});

test("of a large table, what lies a little beyond its own interval is not called different", () => {
  const of = (
    chance: number,
  ): { ratio: { value: number; low: number; high: number; chance: number }; lessIsBetter: boolean } => ({
    ratio: { value: 1.3, low: 1.01, high: 1.6, chance },
    lessIsBetter: true,
  });
  const table = [...Array.from({ length: 60 }, (_, at) => of(0.02 + at / 100)), of(1e-6)];
  const different = judgeChanges(table).filter(({ difference }) => difference !== "same");
  assert.equal(
    different.map(({ ratio }) => ratio.chance),
    [1e-6],
  );
  assert.equal(judgeChanges([of(0.02)])[0]!.difference, "worse");
});

test.run();

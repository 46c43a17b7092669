import { test } from "uvu";
import * as assert from "uvu/assert";
import { type PacedUse, workOutPaces } from "../../src/admission/work-out-paces.ts";

function use(usedUs: number, paceUs = Infinity, weight = 1): PacedUse {
  return { usedUs, paceUs, weight };
}

test("workOutPaces gives those that use most what the others leave of the budget", () => {
  assert.equal(workOutPaces([use(100), use(1_500)], 1_000), [Infinity, 900]);
  assert.equal(workOutPaces([use(100), use(1_500), use(700)], 1_000), [Infinity, 450, 450]);
});

test("workOutPaces shares by weight", () => {
  assert.equal(workOutPaces([use(100), use(1_500, Infinity, 2), use(1_500)], 1_000), [Infinity, 600, 300]);
});

test("workOutPaces holds nobody where there is enough for all, or who is alone, or where all want more than there is", () => {
  assert.equal(workOutPaces([use(100), use(800)], 1_000), [Infinity, Infinity]);
  assert.equal(workOutPaces([use(5_000)], 1_000), [Infinity]);
  assert.equal(workOutPaces([use(5_000), use(600)], 1_000), [Infinity, Infinity]);
  assert.equal(workOutPaces([], 1_000), []);
});

test("workOutPaces goes on holding who uses up its pace, and lets on who uses less", () => {
  assert.equal(workOutPaces([use(100), use(890, 900)], 1_000), [Infinity, 900]);
  assert.equal(workOutPaces([use(300), use(890, 900)], 1_000), [Infinity, 700]);
  assert.equal(workOutPaces([use(100), use(500, 900)], 1_000), [Infinity, Infinity]);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpareTarget } from "../../src/isolate/spare-target.ts";

test("SpareTarget keeps more spares while claims come fast, up to three times as many, and as many as before after that", () => {
  const target = new SpareTarget(2);
  assert.is(target.at(0), 2);
  for (let at = 0; at < 4; at++) target.claimed(1_000);
  assert.is(target.at(1_000), 3);
  for (let at = 0; at < 100; at++) target.claimed(1_000);
  assert.is(target.at(1_000), 6);
  assert.is(target.at(20_000), 2);
});

test("SpareTarget does not add up claims that come one by one", () => {
  const target = new SpareTarget(2);
  for (let at = 0; at < 100; at++) target.claimed(at * 1_000);
  assert.is(target.at(99_000), 2);
});

test("SpareTarget of a host that keeps none keeps none", () => {
  const target = new SpareTarget(0);
  for (let at = 0; at < 100; at++) target.claimed(0);
  assert.is(target.at(0), 0);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { Paces } from "../../src/clock/paces.ts";

test("Paces holds those that have one, and no others", () => {
  const paces = new Paces<string>();
  assert.ok(paces.isEmpty);
  paces.set(new Map([["heavy", 500]]), 0);
  assert.not(paces.isEmpty);
  paces.charge("heavy", 1_000, 0);
  paces.charge("light", 1_000_000, 0);
  assert.is(paces.waitMs("heavy", 0), 2);
  assert.is(paces.waitMs("light", 0), 0);
  assert.is(paces.burstUs("heavy"), 1_000);
  assert.is(paces.burstUs("light"), Infinity);
});

test("Paces lets on at once who is not named any more, and keeps what the others owe", () => {
  const paces = new Paces<string>();
  const both = new Map([
    ["a", 100],
    ["b", 100],
  ]);
  paces.set(both, 0);
  paces.charge("a", 1_000, 0);
  paces.charge("b", 1_000, 0);
  paces.set(new Map([["b", 200]]), 0);
  assert.is(paces.waitMs("a", 0), 0);
  assert.is(paces.waitMs("b", 0), 5);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { tenantChoice } from "../../../bench/load/tenant-choice.ts";

test("tenants in turn begin anew after the last", () => {
  const next = tenantChoice({ tenants: { first: 3, count: 2 }, choice: "in-turn", seed: 1 });
  assert.equal([next(), next(), next()], [3, 4, 3]);
});

test("by Zipf's law the second is asked half as often as the first, and all are asked", () => {
  const next = tenantChoice({ tenants: { first: 0, count: 50 }, choice: "zipf", seed: 1 });
  const counts = Array.from({ length: 50 }, () => 0);
  for (let i = 0; i < 50_000; i++) counts[next()]!++;
  assert.ok(Math.abs(counts[1]! / counts[0]! - 0.5) < 0.05, `${counts[0]} and ${counts[1]}`);
  assert.ok(Math.abs(counts[9]! / counts[0]! - 0.1) < 0.03, `${counts[0]} and ${counts[9]}`);
  assert.ok(counts.every((count) => count > 0));
});

test("clients with different seeds ask in different orders, and with the same one in the same", () => {
  const first = (seed: number): number[] => {
    const next = tenantChoice({ tenants: { first: 0, count: 1_000 }, choice: "zipf", seed });
    return Array.from({ length: 20 }, next);
  };
  assert.equal(first(1), first(1));
  assert.not.equal(first(1), first(2));
});

test.run();

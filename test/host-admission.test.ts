import { test } from "uvu";
import * as assert from "uvu/assert";
import { systemClock } from "../src/clock/clock.ts";
import { Paces } from "../src/clock/paces.ts";
import { heldBy } from "../src/host-admission.ts";

test("heldBy() holds accounts to their paces, and counts nothing where no CPU is kept free", () => {
  const paces = new Paces<string>();
  // Charged at a moment that is to come, so that a machine which stands still lets nothing come in.
  const nowMs = systemClock.monotonicMs() + 3_600_000;
  paces.set(new Map([["heavy", 1]]), nowMs);
  paces.charge("heavy", 1_000_000, nowMs);
  assert.is(heldBy({}, paces), undefined);
  assert.is(heldBy(undefined, paces), undefined);
  const heldMs = heldBy({ reserve: 0.5 }, paces)!;
  assert.is(heldMs("light"), 0);
  assert.is(heldMs("heavy"), 500);
});

test.run();

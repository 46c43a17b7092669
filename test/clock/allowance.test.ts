import { test } from "uvu";
import * as assert from "uvu/assert";
import { Allowance } from "../../src/clock/allowance.ts";

test("Allowance lets on who has used less than came in, and the others when as much has come in", () => {
  const allowance = new Allowance(500, 1_000);
  assert.is(allowance.waitMs(1_000), 0);
  allowance.charge(2_000, 1_000);
  assert.is(allowance.waitMs(1_000), 4);
  assert.is(allowance.waitMs(1_003), 1);
  assert.is(allowance.waitMs(1_004), 0);
});

test("Allowance keeps next to nothing of what comes in while it is not used", () => {
  const allowance = new Allowance(500, 0);
  assert.is(allowance.burstUs, 1_000);
  allowance.charge(1_000, 60_000);
  assert.is(allowance.waitMs(60_000), 0);
  allowance.charge(500, 60_000);
  assert.is(allowance.waitMs(60_000), 1);
});

test("Allowance forgets what is owed beyond half a second", () => {
  const allowance = new Allowance(100, 0);
  allowance.charge(60_000_000, 0);
  assert.is(allowance.waitMs(0), 500);
});

test("Allowance that is changed keeps what is owed, at another pace", () => {
  const allowance = new Allowance(100, 0);
  allowance.charge(10_000, 0);
  allowance.change(1_000, 50);
  assert.is(allowance.waitMs(50), 5);
});

test("Allowance forgets what is owed beyond half a second of a lower pace that it is changed to", () => {
  const allowance = new Allowance(1_000, 0);
  allowance.charge(400_000, 0);
  allowance.change(20, 0);
  assert.is(allowance.waitMs(0), 500);
});

test("Allowance takes nothing back where a clock is", () => {
  const allowance = new Allowance(100, 1_000);
  allowance.charge(1_000, 1_000);
  assert.is(allowance.waitMs(900), 10);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { Standstill } from "../../src/clock/standstill.ts";

test("Standstill gives the time by which a look came late, and none where it is on time", () => {
  const standstill = new Standstill(100, 0);
  assert.is(standstill.look(100), 0);
  assert.is(standstill.look(290), 0);
  assert.is(standstill.look(3_390), 3_000);
  standstill.start(60_000);
  assert.is(standstill.look(60_100), 0);
});

test("Standstill gives a host that is late all the time a tenth of the time beside ten seconds", () => {
  const standstill = new Standstill(100, 0);
  assert.is(standstill.look(60_000), 10_000);
  let givenMs = 0;
  for (let now = 61_000; now <= 160_000; now += 1_000) givenMs += standstill.look(now);
  assert.ok(givenMs > 9_000 && givenMs <= 20_000, `${givenMs}`);
});

test.run();

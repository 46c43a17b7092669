import { test } from "uvu";
import * as assert from "uvu/assert";
import { leastUs, monotonicUs, setFineClock } from "../../../runtime-api/globals/real-clock.ts";

test("leastUs() leaves out a step of a coarse clock, and nothing once there is a finer one", () => {
  assert.is(monotonicUs() % 1_000, 0);
  assert.is(leastUs(5_000, 5_000), 0);
  assert.is(leastUs(5_000, 6_000), 0);
  assert.is(leastUs(5_000, 8_000), 2_000);
  let us = 1_234;
  setFineClock(() => us++);
  assert.is(monotonicUs(), 1_234);
  assert.is(leastUs(1_234, monotonicUs()), 1);
  assert.is(leastUs(9, 3), 0);
});

test("monotonicUs() lets nothing out that the finer clock throws", () => {
  setFineClock(() => {
    throw new RangeError("of another realm");
  });
  const us = monotonicUs();
  assert.ok(us > 0 && us % 1_000 === 0, String(us));
});

test.run();

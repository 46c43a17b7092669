import { test } from "uvu";
import * as assert from "uvu/assert";
import { LOOKS, TimeLimit } from "../../../src/versions/transformer/time-limit.ts";

/** How many looks it takes until a job is over that has `cpuMs(look)` of CPU. */
function looksUntilOver(limit: TimeLimit, cpuMs: (look: number) => number | undefined): number {
  for (let look = 1; look <= 10_000; look++) if (limit.look(cpuMs(look))) return look;
  return Infinity;
}

test("a job that computes all the time is over with its time, whatever the process used before", () => {
  const limit = new TimeLimit(30_000, 5_000);
  assert.is(
    looksUntilOver(limit, (look) => 5_000 + look * limit.intervalMs),
    LOOKS,
  );
});

test("a job that gets a quarter of a core has four times as long, and one that waits ten times", () => {
  const limit = new TimeLimit(30_000, 0);
  assert.is(
    looksUntilOver(limit, (look) => (look * limit.intervalMs) / 4),
    4 * LOOKS,
  );
  assert.is(
    looksUntilOver(new TimeLimit(30_000, 0), () => 0),
    10 * LOOKS,
  );
});

test("where the system does not tell its CPU, a job is over with its time", () => {
  assert.is(
    looksUntilOver(new TimeLimit(30_000, undefined), () => undefined),
    LOOKS,
  );
  assert.is(
    looksUntilOver(new TimeLimit(30_000, undefined), () => 1),
    LOOKS,
  );
  assert.is(
    looksUntilOver(new TimeLimit(30_000, 0), () => undefined),
    LOOKS,
  );
});

test.run();

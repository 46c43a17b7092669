import { test } from "uvu";
import * as assert from "uvu/assert";
import { Progress, timeText } from "../../../bench/laboratory/progress.ts";

const MINUTE_MS = 60_000;

test("the time that is left is the plan's at first, and follows the pace of the machine", () => {
  let nowMs = 0;
  const progress = new Progress(20 * MINUTE_MS, () => nowMs);
  assert.is(progress.text(), "0 %, about 20 minutes left");
  // Half of the plan took twice as long as it says.
  nowMs = 20 * MINUTE_MS;
  progress.done(10 * MINUTE_MS);
  assert.is(progress.text(), "50 %, about 20 minutes left");
  nowMs = 40 * MINUTE_MS;
  progress.done(10 * MINUTE_MS);
  assert.is(progress.text(), "100 %, less than a minute left");
});

test("times are told as roughly as they are known", () => {
  assert.equal([59_000, 61_000, 5.4 * MINUTE_MS, 240 * MINUTE_MS].map(timeText), [
    "less than a minute",
    "about 1 minute",
    "about 5 minutes",
    "about 4.0 hours",
  ]);
});

test.run();

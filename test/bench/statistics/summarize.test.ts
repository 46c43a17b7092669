import { test } from "uvu";
import * as assert from "uvu/assert";
import { summarize } from "../../../bench/statistics/summarize.ts";

test("summarize orders its samples and refuses none", () => {
  assert.equal(summarize([3, 1, 2, 10]), { n: 4, min: 1, p50: 3, p90: 10, p99: 10 });
  assert.throws(() => summarize([]), /no samples/);
});

test.run();

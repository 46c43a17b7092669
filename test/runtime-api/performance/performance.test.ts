import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  Performance as OwnPerformance,
  performance as own,
} from "../../../runtime-api/performance/performance.ts";
import { standInIo } from "../stand-in-io.ts";

test("performance.now() is the slice's clock, with an origin of 0", () => {
  const seen = standInIo();
  assert.is(own.now(), seen.clockMs);
  seen.clockMs += 1.5;
  assert.is(own.now(), seen.clockMs);
  assert.is(own.timeOrigin, 0);
  assert.equal(own.toJSON(), { timeOrigin: 0 });
  assert.throws(() => new OwnPerformance(), /Illegal constructor/);
});

test.run();

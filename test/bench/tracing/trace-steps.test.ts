import { test } from "uvu";
import * as assert from "uvu/assert";
import { traceRows } from "../../../bench/tracing/trace-steps.ts";
import type { RequestStep, StepName } from "../../../src/clock/request-steps.ts";

/** Steps of one request that end at these times, in ms. */
function steps(request: number, ends: Readonly<Partial<Record<StepName, number>>>): RequestStep[] {
  return Object.entries(ends).map(([step, atMs]) => ({
    request,
    step: step as StepName,
    atMs,
    ...(step === "load" && { partsMs: { claim: 0.1, compile: 0.2, evaluate: 0.3 } }),
  }));
}

const WARM = steps(1, {
  arrived: 10,
  read: 11,
  routed: 13,
  admitted: 13,
  isolate: 14,
  sent: 15,
  answered: 19,
  written: 20,
});
const COLD = steps(2, {
  arrived: 0,
  read: 1,
  routed: 2,
  admitted: 3,
  place: 4,
  code: 6,
  load: 9,
  isolate: 10,
  sent: 11,
  answered: 15,
  written: 16,
});

test("a trace has what each step took, cold and warm apart, and all together", () => {
  const rows = new Map(
    traceRows([...WARM, ...COLD]).map((row) => [row.step.trim(), [row.coldUs, row.warmUs]]),
  );
  assert.equal(rows.get("read"), [1_000, 1_000]);
  assert.equal(rows.get("routed"), [1_000, 2_000]);
  assert.equal(rows.get("load"), [3_000, null]);
  assert.equal(rows.get("of it: compile"), [200, null]);
  assert.equal(rows.get("answered"), [4_000, 4_000]);
  assert.equal(rows.get("all"), [16_000, 10_000]);
});

test("a request whose steps are not all there does not count", () => {
  const rows = traceRows([...WARM.slice(1), ...COLD.slice(0, -1)]);
  assert.ok(rows.every(({ coldUs, warmUs }) => coldUs === null && warmUs === null));
});

test.run();

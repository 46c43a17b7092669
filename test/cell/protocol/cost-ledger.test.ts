import { test } from "uvu";
import * as assert from "uvu/assert";
import { CostLedger } from "../../../src/cell/protocol/cost-ledger.ts";
import { Violation } from "../../../src/cell/protocol/violation.ts";

const CORES = 2;
/** What an isolate may report though there was no time for it since its last report. */
const LATE_US = 10_000_000;

class Rig {
  nowMs = 0;
  readonly ledger: CostLedger = new CostLedger(() => this.nowMs, CORES);

  /** What is believed of the cost of one event; -1 where nothing is said of it. */
  report(event: number, cpuUs: number): number {
    return this.ledger.report([{ event, cpuUs }])[0]?.cpuUs ?? -1;
  }
}

test("CostLedger believes costs that count up with the time, through standstills of any length", () => {
  const rig = new Rig();
  rig.ledger.begin(1);
  rig.nowMs = 10;
  assert.is(rig.report(1, 9_000), 9_000);
  assert.is(rig.report(1, 9_000), 9_000);
  // A slice of an hour reports at its end; so does work on several cores.
  rig.nowMs += 3_600_000;
  assert.is(rig.report(1, 3_600_000_000), 3_600_000_000);
  rig.nowMs += 60_000;
  assert.is(rig.report(1, 3_720_000_000), 3_720_000_000);
});

test("CostLedger believes no more than all cores can have done since the last report, and the rest in its time", () => {
  const rig = new Rig();
  rig.ledger.begin(1);
  rig.nowMs = 1_000;
  const believed = rig.report(1, Number.MAX_SAFE_INTEGER);
  assert.is(believed, LATE_US + 1_000 * CORES * 1_000);
  assert.is(rig.report(1, Number.MAX_SAFE_INTEGER), believed);
  rig.nowMs += 1;
  assert.is(rig.report(1, Number.MAX_SAFE_INTEGER), believed + CORES * 1_000);
  // Events share what there was time for.
  rig.ledger.begin(2);
  assert.is(rig.report(2, 5_000), 0);
});

test("CostLedger believes what the host itself has charged at once", () => {
  const rig = new Rig();
  rig.ledger.begin(1);
  rig.report(1, LATE_US);
  rig.ledger.charge(1, 30_000_000);
  assert.is(rig.report(1, LATE_US + 30_000_000), LATE_US + 30_000_000);
  assert.is(rig.report(1, LATE_US + 30_000_001), LATE_US + 30_000_000);
});

test("CostLedger believes what the host has charged of that event alone, and of none that is over", () => {
  const rig = new Rig();
  for (const event of [1, 2, 3]) rig.ledger.begin(event);
  rig.report(1, LATE_US);
  rig.ledger.charge(2, 5_000);
  rig.ledger.charge(3, 7_000);
  rig.ledger.end(3);
  assert.is(rig.report(1, LATE_US + 12_000), LATE_US);
  assert.is(rig.report(2, 12_000), 5_000);
});

test("CostLedger takes no cost that decreases, and says nothing of events that are over", () => {
  const rig = new Rig();
  rig.ledger.begin(1);
  rig.ledger.begin(2);
  assert.is(rig.report(1, 500), 500);
  assert.throws(
    () => rig.report(1, 499),
    (error: unknown) => error instanceof Violation,
  );
  rig.ledger.end(1);
  assert.is(rig.report(1, 3), -1);
  assert.is(rig.report(2, 7), 7);
  assert.is(rig.report(3, 7), -1);
});

test.run();

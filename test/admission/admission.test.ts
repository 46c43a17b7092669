import { test } from "uvu";
import * as assert from "uvu/assert";
import { Admission } from "../../src/admission/admission.ts";
import { DEFAULT_ADMISSION } from "../../src/admission/options.ts";

function newAdmission(
  hostConcurrency: number,
  cpuMsPerMinute = Infinity,
  monotonicMs: () => number = () => 1_000,
): Admission {
  const clock = { now: () => 0, monotonicMs };
  const settings = { ...DEFAULT_ADMISSION, hostConcurrency };
  return new Admission(settings, clock, (account) => ({
    weight: account === "favoured" ? 3 : 1,
    cpuMsPerMinute,
  }));
}

/** Lets `begins` events begin late in each look of 0.1 s, for a second. @returns whether events are refused then */
function isShedAfter(
  admission: Admission,
  clock: { ms: number },
  account: string,
  begins: number,
  turnUs: number,
): boolean {
  const load = admission.loadOf(account);
  for (let lookCount = 0; lookCount < 10; lookCount++) {
    for (let i = 0; i < begins; i++) {
      const event = { isolate: {}, waitsAs: 0, shed() {} };
      load.sent(event);
      load.began(event, 900 + lookCount, turnUs);
      admission.spent(load, turnUs);
    }
    clock.ms += 100;
    admission.look();
  }
  return load.maxPending < Infinity;
}

function enterAll(admission: Admission, account: string, most: number): number {
  const load = admission.loadOf(account);
  let count = 0;
  while (count < most && admission.enter(load, 1_000) === null) count++;
  return count;
}

test("Admission bounds the events of an account", () => {
  const admission = newAdmission(10);
  const load = admission.loadOf("a");
  assert.is(admission.enter(load, 1), null);
  assert.is(admission.enter(load, 1), "overloaded");
  admission.leave(load);
  assert.is(admission.enter(load, 1), null);
  assert.is(load.refused, 1);
  admission.close();
});

test("Admission holds accounts to their shares where the host is almost full", () => {
  const admission = newAdmission(100);
  assert.is(enterAll(admission, "favoured", 1_000), 100);
  for (let i = 0; i < 30; i++) admission.leave(admission.loadOf("favoured"));
  assert.is(enterAll(admission, "other", 1_000), 25);
  assert.is(enterAll(admission, "favoured", 1_000), 5);
  admission.close();
});

test("Admission gives nobody CPU back for a cost that is none: what others may use is worked out from all", () => {
  const admission = newAdmission(100, 6_000);
  const load = admission.loadOf("a");
  admission.spent(load, 1_000);
  for (const cpuUs of [-9e15, -1, 0, NaN, -Infinity]) assert.not.ok(admission.spent(load, cpuUs));
  const [stats] = admission.stats();
  assert.is(stats?.cpuMs, 1);
  assert.is(stats?.cpuLeftMs, 5_999);
  assert.is(load.latelyUs(0) >= 0, true);
  admission.close();
});

test("Admission refuses events of an account that has used its CPU, and says when to come back", () => {
  const admission = newAdmission(100, 6_000);
  const load = admission.loadOf("a");
  assert.not.ok(admission.spent(load, 6_100_000));
  assert.is(admission.enter(load, 10), "exceededAccountCpu");
  assert.is(admission.retryAfterS("a"), 2);
  assert.is(admission.enter(admission.loadOf("b"), 10), null);
  assert.ok(admission.spent(load, 6_000_000));
  const [stats] = admission.stats();
  assert.is(stats?.cpuMs, 12_100);
  assert.is(stats?.cpuLeftMs, -6_100);
  assert.is(stats?.refused, 1);
  admission.close();
});

test("Admission forgets accounts that did nothing for a minute, and no other", () => {
  let nowMs = 1_000;
  const clock = { now: () => 0, monotonicMs: () => nowMs };
  const admission = new Admission(DEFAULT_ADMISSION, clock, () => ({ weight: 1, cpuMsPerMinute: Infinity }));
  const known = (): string[] => admission.stats().map(({ account }) => account);
  const looks = (): void => {
    for (let i = 0; i < 3; i++) admission.look();
  };
  admission.loadOf("refused");
  const [done, busy] = [admission.loadOf("done"), admission.loadOf("busy")];
  assert.is(admission.enter(done, 1), null);
  assert.is(admission.enter(busy, 1), null);
  admission.spent(done, 50_000);
  admission.leave(done);
  nowMs += 20_000;
  looks();
  assert.equal(known(), ["refused", "done", "busy"]);
  nowMs += 61_000;
  looks();
  assert.equal(known(), ["busy"]);
  assert.is(admission.enter(done, 1), null);
  assert.equal(known(), ["busy", "done"]);
  admission.close();
});

test("Admission refuses no event of a light account whose events wait for others", () => {
  const clock = { ms: 1_000 };
  const admission = newAdmission(100, Infinity, () => clock.ms);
  assert.not.ok(isShedAfter(admission, clock, "light", 5, 1_000));
  // A start, or a slice, that lasts: nothing is reported yet of what it uses.
  const hostile = admission.loadOf("hostile");
  assert.is(admission.enter(hostile, 1), null);
  hostile.sent({ isolate: {}, waitsAs: 0, shed() {} });
  assert.not.ok(isShedAfter(admission, clock, "modest", 5, 4_000));
  assert.ok(isShedAfter(admission, clock, "heavy", 20, 5_000));
  admission.close();
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { ChildRules, type Verdict } from "../../../src/cell/supervision/child-rules.ts";
import type { EntryMark } from "../../../src/cell/supervision/entry-table.ts";

const MIB = 1024 * 1024;
const BOUNDS = { memoryBytes: 512 * MIB, silenceMs: 1_000 };
const MARK: EntryMark = {
  isolate: 5,
  enteredMs: 1_000,
  limitMs: 50,
  stuck: false,
  eventCount: 1,
  events: [1],
};

interface State {
  readonly rssBytes?: number;
  /** CPU of the whole child. */
  readonly cpuMs?: number;
  readonly marks?: readonly EntryMark[];
  /** When the loop was heard last. @default now */
  readonly beatMs?: number;
  readonly loop?: { readonly state: string; readonly cpuMs: number };
  readonly grown?: boolean;
  /** The system says nothing of processes. */
  readonly blind?: boolean;
}

/** Looks every 25 ms from 1,000 on, at what `state` gives for each moment, until there is a verdict. */
function run(forMs: number, state: (nowMs: number) => State): { verdict: Verdict; atMs: number } | null {
  const rules = new ChildRules(BOUNDS, 1_000);
  for (let nowMs = 1_025; nowMs <= 1_000 + forMs; nowMs += 25) {
    const {
      rssBytes = MIB,
      cpuMs = 0,
      marks = [],
      beatMs = nowMs,
      loop,
      grown = false,
      blind,
    } = state(nowMs);
    const figures = { startTick: 1, state: "S", cpuMs, rssBytes };
    const verdict = rules.look({
      nowMs,
      figures: blind === true ? null : figures,
      loop: () => (loop === undefined ? null : { ...figures, ...loop }),
      table: { beatMs, rssBytes, marks },
      grown,
    });
    if (verdict !== null) return { verdict, atMs: nowMs };
  }
  return null;
}

test("ChildRules leave a child alone that works", () => {
  const marks = (nowMs: number): EntryMark[] => [{ ...MARK, enteredMs: nowMs - 40 }];
  assert.is(
    run(60_000, (nowMs) => ({ marks: marks(nowMs), cpuMs: nowMs, rssBytes: 570 * MIB })),
    null,
  );
});

test("ChildRules end a child that holds too much memory, whoever says so", () => {
  for (const blind of [true, false]) {
    const found = run(1_000, (nowMs) => ({ rssBytes: (nowMs > 1_500 ? 577 : 570) * MIB, blind }));
    assert.equal(found, { atMs: 1_525, verdict: { reason: "memory", isolate: -1, amount: 577 } });
  }
});

test("ChildRules end a child whose cell says that an entry cannot be stopped", () => {
  const found = run(1_000, (nowMs) => ({ marks: [{ ...MARK, stuck: nowMs >= 1_300 }] }));
  assert.equal(found, { atMs: 1_300, verdict: { reason: "unstoppable", isolate: 5, amount: 300 } });
});

test("ChildRules end a child in which an entry had all the CPU to be over, and not before", () => {
  const busy = run(60_000, (nowMs) => ({ marks: [MARK], cpuMs: nowMs }));
  assert.is(busy?.verdict.reason, "unstoppable");
  assert.is(busy?.verdict.isolate, 5);
  assert.ok(busy!.atMs > 7_000 && busy!.atMs < 8_000, `${busy?.atMs}`);
  // A machine on which the child gets a tenth of a core.
  const starved = run(60_000, (nowMs) => ({ marks: [MARK], cpuMs: nowMs / 10 }));
  assert.ok(starved!.atMs > 20_000, `${starved?.atMs}`);
  // Two cores are busy with the streams that another worker packs, and the entry gets next to nothing.
  const packing = run(3_000, (nowMs) => ({ marks: [MARK], cpuMs: nowMs * 2 }));
  assert.is(packing, null);
  // The CPU is that of others, one after the other.
  const others = run(30_000, (nowMs) => ({
    marks: [{ ...MARK, enteredMs: 1_000 + Math.floor(nowMs / 500) * 500 }],
    cpuMs: nowMs,
  }));
  assert.is(others, null);
});

test("ChildRules do not wait for ever for an entry that sleeps", () => {
  const found = run(60_000, () => ({ marks: [MARK] }));
  assert.is(found?.verdict.reason, "unstoppable");
  assert.ok(found!.atMs > 40_000);
});

test("ChildRules end a child whose loop sleeps, was stopped or spins", () => {
  for (const [state, reason] of [
    ["S", "silent"],
    ["T", "killed"],
    ["t", "killed"],
  ] as const) {
    const found = run(5_000, () => ({ beatMs: 1_000, loop: { state, cpuMs: 0 } }));
    assert.is(found?.verdict.reason, reason, state);
    assert.ok(found!.atMs >= 2_000 && found!.atMs < 2_600, `${found?.atMs}`);
  }
  const spins = run(5_000, (nowMs) => ({ beatMs: 1_000, loop: { state: "R", cpuMs: nowMs } }));
  assert.is(spins?.verdict.reason, "silent");
  const blind = run(5_000, () => ({ beatMs: 1_000, blind: true }));
  assert.is(blind?.verdict.reason, "silent");
});

test("ChildRules spare a loop that waits for a core or a disk", () => {
  for (const state of ["R", "D"])
    assert.is(
      run(30_000, () => ({ beatMs: 1_000, loop: { state, cpuMs: 7 } })),
      null,
      state,
    );
  const heard = run(30_000, (nowMs) => ({
    beatMs: nowMs - (nowMs % 900),
    loop: { state: "S", cpuMs: 0 },
  }));
  assert.is(heard, null);
});

test("ChildRules end a child that writes more to its file than a table", () => {
  assert.is(run(100, () => ({ grown: true }))?.verdict.reason, "protocol");
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { Quarantine, type QuarantineEntry } from "../../src/admission/quarantine.ts";
import type { QuarantineOptions } from "../../src/admission/quarantine-options.ts";
import { SqliteControl } from "../../src/storage/sqlite-control.ts";
import type { BlameReport } from "../../src/warm/blame.ts";

const MINUTE = 60_000;

class Rig {
  nowMs = 1_700_000_000_000;
  readonly store = new SqliteControl(":memory:");
  readonly begun: QuarantineEntry[] = [];
  readonly faults: unknown[] = [];
  quarantine: Quarantine;
  readonly #options: Partial<QuarantineOptions> | false | undefined;

  constructor(options?: Partial<QuarantineOptions> | false) {
    this.#options = options;
    this.quarantine = this.open();
  }

  /** What a restart of the host makes of the store. */
  open(): Quarantine {
    return (this.quarantine = new Quarantine({
      store: this.store,
      now: () => this.nowMs,
      options: this.#options,
      onQuarantine: (entry) => this.begun.push(entry),
      onFault: (error) => this.faults.push(error),
    }));
  }

  blame(verdict: BlameReport["verdict"] = "culprit", account = "a", worker = "w"): void {
    this.quarantine.blame({
      account,
      worker,
      versionId: "v",
      verdict,
      reason: "unstoppable",
      message: "",
      cell: "process",
      pid: 1,
      event: null,
      ranMs: 1,
      rssBytes: 1,
      upMs: 1,
      timeMs: this.nowMs,
    });
  }

  after(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  get pauseMs(): number {
    return this.quarantine.pauseMs("a", "w");
  }

  get entry(): QuarantineEntry {
    return this.quarantine.list()[0]!;
  }
}

test("Quarantine pauses a worker at its third strike in ten minutes, and no other", () => {
  const rig = new Rig();
  rig.blame();
  rig.after(9 * MINUTE).blame();
  assert.is(rig.pauseMs, 0);
  rig.after(2 * MINUTE).blame();
  assert.is(rig.pauseMs, 0, "the first one is too old");
  assert.is(rig.entry.strikes, 2);
  rig.blame();
  assert.is(rig.pauseMs, MINUTE);
  assert.is(rig.quarantine.pauseMs("b", "w"), 0);
  assert.is(rig.quarantine.pauseMs("a", "x"), 0);
  assert.equal(rig.begun, [rig.entry]);
  assert.is(rig.entry.state, "quarantined");
  assert.is(rig.after(MINUTE).pauseMs, 0);
});

test("Quarantine pauses for longer each time, at the first strike of a probation, and counts none during a pause", () => {
  const rig = new Rig();
  const pauses: number[] = [];
  for (let i = 0; i < 3; i++) rig.blame();
  for (let i = 0; i < 5; i++) {
    pauses.push(rig.pauseMs / MINUTE);
    rig.blame();
    rig.after(rig.pauseMs);
    assert.is(rig.entry.state, "probation");
    assert.is(rig.quarantine.aloneAs("a", "w"), "culprit");
    rig.blame();
  }
  assert.equal(pauses, [1, 5, 30, 120, 120]);
  assert.is(rig.begun.length, 6);
  rig.after(rig.pauseMs + 11 * MINUTE).blame();
  assert.is(rig.pauseMs, 0, "after the probation three strikes are needed again");
});

test("Quarantine forgets everything after a quiet day, and keeps it over a restart until then", () => {
  const rig = new Rig();
  for (let i = 0; i < 3; i++) rig.blame();
  rig.open();
  assert.is(rig.pauseMs, MINUTE);
  assert.is(rig.entry.lastStrike.reason, "unstoppable");
  rig.after(23 * 60 * MINUTE).open();
  assert.is(rig.entry.pauses, 1);
  rig.after(2 * 60 * MINUTE);
  assert.equal(rig.quarantine.list(), []);
  assert.equal(rig.store.listStrikes(), []);
  for (let i = 0; i < 3; i++) rig.blame();
  assert.is(rig.pauseMs, MINUTE);
});

test("Quarantine gives suspects and struck workers a cell of their own for ten minutes, and strikes no suspect", () => {
  const rig = new Rig();
  assert.is(rig.quarantine.aloneAs("a", "w"), null);
  for (let i = 0; i < 5; i++) rig.blame("suspect");
  rig.blame("culprit", "b");
  assert.equal(
    rig.quarantine.list().map(({ account }) => account),
    ["b"],
  );
  assert.is(rig.quarantine.aloneAs("a", "w"), "suspect");
  assert.is(rig.quarantine.aloneAs("b", "w"), "culprit");
  assert.is(rig.quarantine.aloneAs("c", "w"), null);
  rig.after(10 * MINUTE);
  for (const account of ["a", "b"]) assert.is(rig.quarantine.aloneAs(account, "w"), null);
});

test("Quarantine keeps an account apart of which many workers have ended cells", () => {
  const rig = new Rig();
  const ofOther = (): string | null => rig.quarantine.aloneAs("a", "innocent so far");
  for (const worker of ["x", "y"]) rig.blame("culprit", "a", worker);
  rig.blame("culprit", "b", "z");
  assert.is(ofOther(), null);
  rig.blame("culprit", "a", "z");
  assert.is(ofOther(), "culprit");
  assert.is(rig.quarantine.aloneAs("b", "w"), null);
  rig.open();
  assert.is(ofOther(), "culprit");
  rig.quarantine.lift("a", "x");
  assert.is(ofOther(), null);
  rig.blame("culprit", "a", "x");
  rig.after(10 * MINUTE);
  assert.is(ofOther(), null);
});

test("Quarantine.lift lets a worker run at once, also after a restart", () => {
  const rig = new Rig();
  for (let i = 0; i < 3; i++) rig.blame();
  assert.is(rig.quarantine.lift("a", "x"), false);
  assert.is(rig.quarantine.lift("a", "w"), true);
  assert.is(rig.pauseMs, 0);
  assert.is(rig.quarantine.aloneAs("a", "w"), null);
  assert.is(rig.quarantine.lift("a", "w"), false);
  rig.open();
  assert.is(rig.pauseMs, 0);
});

test("Quarantine goes on in memory when the store fails, and pauses nobody where it is off", () => {
  const rig = new Rig();
  rig.store.close();
  for (let i = 0; i < 3; i++) rig.blame();
  assert.is(rig.pauseMs, MINUTE);
  assert.is(rig.faults.length, 3);
  const off = new Rig(false);
  for (let i = 0; i < 10; i++) off.blame();
  assert.is(off.pauseMs, 0);
  assert.is(off.entry.strikes, 10);
});

test.run();

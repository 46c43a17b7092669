import { test } from "uvu";
import * as assert from "uvu/assert";
import { CpuMeter } from "../../src/isolate/cpu-meter.ts";
import type { Entry } from "../../src/isolate/entry.ts";
import type { LiveIsolate } from "../../src/isolate/live-isolate.ts";
import type { PoolThreads } from "../../src/cell/supervision/pool-threads.ts";

/** An isolate whose counter shows what the test says, in ms. */
class Subject {
  counterMs = 0;
  readonly live: LiveIsolate;

  constructor() {
    const counterUs = (): number => this.counterMs * 1_000;
    const spare = { ask: { usedUs: 0 } };
    const entry = { startedMs: -1 };
    const counts = { seenUs: 0, seenAskUs: 0, boundedUs: 0, doubtUs: 0, lateDoubtUs: 0, cutUs: 0 };
    this.live = { ...counts, spare, entry, counterUs } as unknown as LiveIsolate;
  }

  /** Time in questions so far, by the clock on the wall. */
  set askedMs(ms: number) {
    this.live.spare.ask.usedUs = ms * 1_000;
  }

  get askedMs(): number {
    return this.live.spare.ask.usedUs / 1_000;
  }

  get chargedMs(): number {
    return this.live.boundedUs / 1_000;
  }

  /** How far that may be too high, in ms. */
  get doubtMs(): number {
    return Math.round(this.live.doubtUs + this.live.lateDoubtUs) / 1_000;
  }
}

/** A meter over some isolates, whose counters and threads show what the test says, in ms. */
class Bench {
  /** Undefined where the system says nothing of threads. */
  threadsMs: number | undefined = 0;
  settling = 0;
  loopMs = 0;
  readonly subjects: readonly Subject[];
  readonly meter: CpuMeter;

  constructor(isolates = 1) {
    this.subjects = Array.from({ length: isolates }, () => new Subject());
    const totalUs = (): number | undefined =>
      this.threadsMs === undefined ? undefined : this.threadsMs * 1_000;
    const threads = { totalUs } as unknown as PoolThreads;
    // What the process used bounds it as well: here it has always used enough.
    let processUs = 0;
    this.meter = new CpuMeter(
      threads,
      () => (processUs += 1e9),
      () => this.loopMs * 1_000,
    );
    this.meter.rest();
    this.meter.restart();
  }

  /** One tick, of which each isolate gained so much; gives what is charged to the first in all, in ms. */
  look(counterMs: number, threadsMs: number): number {
    for (const subject of this.subjects) subject.counterMs += counterMs;
    if (this.threadsMs !== undefined) this.threadsMs += threadsMs;
    this.meter.tick(
      this.subjects.map(({ live }) => live),
      this.settling,
    );
    return this.subjects[0]!.chargedMs;
  }
}

test("CpuMeter charges what the threads used, whatever the counter shows, from the first look on", () => {
  const bench = new Bench();
  assert.is(bench.look(5, 2), 2);
  assert.is(bench.look(5, 2), 4);
  assert.is(bench.look(5, 5), 9);
  assert.is(bench.look(0.5, 0), 9, "looks that follow soon are no way around it");
  assert.is(bench.subjects[0]!.doubtMs, 0, "one that is alone has used what the threads have");
});

test("CpuMeter charges late what the system shows late", () => {
  const bench = new Bench();
  assert.is(bench.look(5, 1), 1);
  assert.is(bench.look(5, 9), 10);
  assert.is(bench.look(5, 9), 15, "no more than was cut");
});

test("CpuMeter charges nothing late that was a wait for a core", () => {
  const bench = new Bench();
  for (let i = 0; i < 20; i++) bench.look(50, 0);
  assert.is(bench.look(5, 5), 5);
  assert.is(bench.look(5, 30), 5 + 5 + 10, "a tick of the system's clock is the most");
});

test("CpuMeter charges nobody what entries used that ended meanwhile", () => {
  const bench = new Bench();
  const short = new Subject();
  for (let i = 0; i < 10; i++) {
    short.counterMs += 1;
    bench.meter.settle(short.live);
  }
  // Half of what all of them wanted.
  assert.is(bench.look(10, 10), 5);
  assert.is(short.chargedMs, 10);
  assert.ok(bench.subjects[0]!.doubtMs > 0);
});

test("CpuMeter charges nobody what isolates use that were ended and go on", () => {
  const bench = new Bench();
  bench.settling = 1;
  bench.look(0, 0);
  // What goes on has no counter: it is taken to run all the time.
  const sinceMs = performance.now();
  while (performance.now() - sinceMs < 5);
  assert.ok(bench.look(5, 5) < 5);
});

test("CpuMeter doubts what it shares out, until the system shows that nobody waited", () => {
  const bench = new Bench(2);
  assert.is(bench.look(5, 8), 4);
  const [first] = bench.subjects;
  assert.ok(first!.doubtMs > 0);
  assert.is(bench.look(5, 12), 10);
  assert.is(first!.doubtMs, 0);
  bench.look(5, 5);
  const doubtMs = first!.doubtMs;
  bench.look(5, 10);
  assert.is(first!.doubtMs, doubtMs, "what was a wait remains in doubt");
});

test("CpuMeter doubts all of the first ms that it shares out: threads wait by turns of some ms", () => {
  const bench = new Bench(2);
  assert.is(bench.look(5, 5), 2.5);
  const [first] = bench.subjects;
  assert.is(first!.doubtMs, 2.5, "it may have waited all the time");
  for (let i = 0; i < 20; i++) bench.look(5, 5);
  assert.is(first!.chargedMs, 52.5);
  assert.ok(first!.doubtMs > 0.3 * 52.5 && first!.doubtMs < 0.3 * 52.5 + 4, `${first!.doubtMs}`);
});

test("CpuMeter charges questions with no more than the loop used, which may wait for a core while it answers", () => {
  const bench = new Bench();
  const [first] = bench.subjects;
  first!.askedMs = 30;
  bench.loopMs += 1;
  assert.is(bench.look(0, 0), 1);
  first!.askedMs += 4;
  bench.loopMs += 6;
  assert.is(bench.look(0, 0), 5);
  first!.askedMs += 20;
  bench.loopMs += 3;
  bench.meter.settle(first!.live);
  assert.is(first!.chargedMs, 8);
});

test("CpuMeter doubts the first ms where the system says nothing of threads: what others use hides a wait", () => {
  const bench = new Bench();
  bench.threadsMs = undefined;
  assert.is(bench.look(2, 0), 2);
  assert.is(bench.subjects[0]!.doubtMs, 2);
  for (let i = 0; i < 20; i++) bench.look(5, 0);
  assert.is(bench.subjects[0]!.doubtMs, 4);
});

test("CpuMeter doubts nothing it shares out by more than what the others wanted in vain", () => {
  const bench = new Bench(2);
  bench.look(5, 9.5);
  assert.is(bench.subjects[0]!.doubtMs, 0.25);
});

test("CpuMeter charges nobody what spares use while they are made", () => {
  const bench = new Bench();
  let spareMs = 0;
  const made = bench.meter.share(() => spareMs * 1_000);
  // Both want the one core: what one of them waits the other uses.
  spareMs += 5;
  assert.is(bench.look(5, 5), 2.5);
  // What was cut down was a wait, whatever the spare goes on to use.
  spareMs += 5;
  assert.is(bench.look(5, 10), 7.5);
  spareMs += 5;
  made();
  assert.is(bench.look(0, 5), 7.5, "one that is made took part until then");
  assert.is(bench.look(5, 5), 12.5, "and no longer");
});

test("CpuMeter leaves out what making spares took while nothing ran, also where the system counts that later", () => {
  const bench = new Bench();
  let spareMs = 0;
  const made = bench.meter.share(() => spareMs * 1_000);
  spareMs = 2;
  bench.meter.restart();
  bench.meter.rest();
  spareMs = 5;
  bench.meter.restart();
  assert.is(bench.look(2, 1), 0);
  made();
  assert.is(bench.look(5, 7), 5 + 0);
});

test("CpuMeter takes nothing from an entry that the system can have counted nothing of yet", () => {
  const bench = new Bench();
  const { live } = bench.subjects[0]!;
  // A start to come stands for one of just now, on a machine that may stand still meanwhile.
  const begun = (startedMs: number): Entry => ({ startedMs }) as Entry;
  live.entry = begun(Infinity);
  assert.is(bench.look(0.5, 0), 0.5);
  live.entry = begun(-Infinity);
  assert.is(bench.look(0.5, 0), 0.5, "one that is old waited");
  live.entry = begun(Infinity);
  assert.is(bench.look(2, 0), 0.5, "and so did one that gained more than a short one can");
});

test("CpuMeter gives nobody credit for the time that spares were made in while nothing ran", () => {
  const bench = new Bench();
  let spareMs = 0;
  const made = bench.meter.share(() => spareMs * 1_000);
  bench.meter.rest();
  // It waited for cores, so that the threads used less.
  spareMs = 50;
  bench.threadsMs = 5;
  made();
  bench.meter.restart();
  assert.is(bench.look(3, 3), 3);
  const other = bench.meter.share(() => spareMs * 1_000);
  bench.meter.rest();
  spareMs += 50;
  bench.meter.restart();
  assert.is(bench.look(20, 20), 13, "one that is under way may have used what the system counts 10 ms late");
  other();
});

test("CpuMeter gives nobody what spares used", () => {
  const bench = new Bench();
  let spareMs = 0;
  const made = bench.meter.share(() => spareMs * 1_000);
  spareMs = 8;
  made();
  assert.is(bench.look(5, 13), 5);
  assert.is(bench.look(5, 5), 10);
});

test.run();

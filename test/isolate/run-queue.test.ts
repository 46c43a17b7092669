import { test } from "uvu";
import * as assert from "uvu/assert";
import { RunQueue, type Runnable, type RunQueueOptions } from "../../src/isolate/run-queue.ts";

/** A queue by a clock that stands still until the test moves it. */
function makeQueue(options: Omit<RunQueueOptions, "nowMs">): { queue: RunQueue; clock: { ms: number } } {
  const clock = { ms: 1_000 };
  return { queue: new RunQueue({ ...options, nowMs: () => clock.ms }), clock };
}

interface Finishable extends Runnable {
  boundedUs: number;
  turnUs?: number;
  finish(): Promise<void>;
}

function runnable(started: string[], name: string, account = 1, weight = 1): Finishable {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    account,
    weight,
    boundedUs: 0,
    run: () => {
      started.push(name);
      return promise;
    },
    finish: async () => {
      resolve();
      await new Promise((done) => setImmediate(done));
    },
  };
}

/** Has account 1 get a pace of so much, use 5 ms in its first entry, and come with a second one. */
async function useFiveMs(queue: RunQueue, started: string[], usPerMs: number): Promise<void> {
  const first = runnable(started, "first", 1);
  queue.add(first);
  queue.pump();
  queue.pace([{ account: 1, usPerMs }]);
  first.boundedUs = 5_000;
  await first.finish();
  queue.add(runnable(started, "second", 1));
}

/** The delays of all timers that are set meanwhile, in ms. */
async function delaysOf(work: () => Promise<void>): Promise<number[]> {
  const { setTimeout: real } = globalThis;
  const delays: number[] = [];
  globalThis.setTimeout = new Proxy(real, {
    apply(target, self, args) {
      delays.push(Number(args[1]));
      return Reflect.apply(target, self, args) as unknown;
    },
  });
  try {
    await work();
  } finally {
    globalThis.setTimeout = real;
  }
  return delays;
}

test("RunQueue starts no more young entries than it may, in order", async () => {
  const started: string[] = [];
  const { queue } = makeQueue({ young: 2, all: 8, youngMs: 60_000 });
  const all = ["a", "b", "c", "d"].map((name) => runnable(started, name));
  for (const one of all) queue.add(one);
  queue.pump();
  assert.equal(started, ["a", "b"]);
  await all[1]!.finish();
  assert.equal(started, ["a", "b", "c"]);
  queue.release(all[0]!);
  assert.equal(started, ["a", "b", "c", "d"]);
  assert.is(queue.running, 2);
});

test("RunQueue does not count entries that are old, up to its hard cap", () => {
  const started: string[] = [];
  const { queue, clock } = makeQueue({ young: 1, all: 3, youngMs: 5 });
  let account = 0;
  for (const name of ["a", "b", "c", "d"]) queue.add(runnable(started, name, ++account));
  for (let i = 0; i < 4; i++) {
    queue.pump();
    clock.ms += 5;
  }
  assert.equal(started, ["a", "b", "c"]);
  assert.is(queue.waiting, 1);
});

test("RunQueue keeps its count when an entry asks to run again before its end is heard", async () => {
  const runs: string[] = [];
  const { queue } = makeQueue({ young: 1, all: 1, youngMs: 60_000 });
  const again: Runnable = {
    account: 1,
    weight: 1,
    boundedUs: 0,
    run: async () => {
      runs.push("again");
      await Promise.resolve();
      if (runs.length < 100) queue.add(again);
      queue.pump();
    },
  };
  const other = runnable(runs, "other");
  queue.add(again);
  queue.pump();
  while (runs.length < 100) await new Promise((resolve) => setImmediate(resolve));
  queue.add(other);
  queue.pump();
  await new Promise((resolve) => setImmediate(resolve));
  queue.pump();
  assert.is(runs.at(-1), "other");
  assert.is(queue.running, 1);
  await other.finish();
  assert.is(queue.running, 0);
});

test("RunQueue lets accounts in by the CPU that they have used, divided by their weights", async () => {
  const started: string[] = [];
  const { queue } = makeQueue({ young: 1, all: 4, youngMs: 60_000 });
  const counts = new Map<string, number>();
  const accounts = [
    { name: "light", account: 1, weight: 1, costUs: 1_000 },
    { name: "heavy", account: 2, weight: 1, costUs: 10_000 },
    { name: "favoured", account: 3, weight: 3, costUs: 10_000 },
  ];
  let current: (Finishable & { costUs: number }) | undefined;
  for (const { name, account, weight, costUs } of accounts) {
    const again = (): void => {
      const one = { ...runnable(started, name, account, weight), costUs };
      const { run } = one;
      one.run = () => {
        current = one;
        counts.set(name, (counts.get(name) ?? 0) + costUs);
        again();
        return run();
      };
      queue.add(one);
    };
    again();
  }
  queue.pump();
  for (let i = 0; i < 600; i++) {
    const one = current!;
    one.boundedUs += one.costUs;
    await one.finish();
  }
  const [light, heavy, favoured] = accounts.map(({ name }) => counts.get(name)!) as [number, number, number];
  assert.ok(Math.abs(heavy / light - 1) < 0.1, `${heavy} beside ${light}`);
  assert.ok(Math.abs(favoured / light - 3) < 0.3, `${favoured} beside ${light}`);
});

test("RunQueue lets no account bank credit while it is idle", async () => {
  const started: string[] = [];
  const { queue } = makeQueue({ young: 1, all: 4, youngMs: 60_000 });
  const busy = runnable(started, "busy", 1);
  queue.add(busy);
  queue.pump();
  busy.boundedUs = 60_000_000;
  queue.tick();
  for (let i = 0; i < 30; i++) queue.add(runnable(started, `a${i}`, 1));
  const idler: Finishable[] = [];
  for (let i = 0; i < 10; i++) idler.push(runnable(started, "idler", 2));
  for (const one of idler) {
    one.run = ((run) => () => {
      one.boundedUs = 300_000;
      return run();
    })(one.run.bind(one));
    queue.add(one);
  }
  await busy.finish();
  // Its debt is bounded as well as the other's credit: after half a second of CPU they take turns.
  assert.is(started[1], "idler");
  await idler[0]!.finish();
  assert.is(started[2], "idler");
  await idler[1]!.finish();
  assert.is(started[3], "a0");
});

test("RunQueue lets an account that comes late catch up with nothing of what others had before", async () => {
  const started: string[] = [];
  const { queue } = makeQueue({ young: 1, all: 4, youngMs: 60_000 });
  let current: Finishable | undefined;
  const add = (name: string, account: number): void => {
    const one = runnable(started, name, account);
    const { run } = one;
    one.run = () => {
      current = one;
      return run();
    };
    queue.add(one);
  };
  const serve = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      current!.boundedUs = 10_000;
      await current!.finish();
    }
  };
  for (let i = 0; i < 100; i++) add("early", 1);
  queue.pump();
  await serve(80);
  started.length = 0;
  for (let i = 0; i < 100; i++) add("late", 2);
  await serve(12);
  const late = started.filter((name) => name === "late").length;
  assert.ok(late >= 5 && late <= 7, started.join(" "));
});

test("RunQueue holds an account that spins to its share of the threads while another waits", async () => {
  const started: string[] = [];
  const { queue, clock } = makeQueue({ young: 3, all: 12, youngMs: 5 });
  const spinners = Array.from({ length: 20 }, () => runnable(started, "spin", 1));
  for (const one of spinners) queue.add(one);
  for (let i = 0; i < 15; i++) {
    queue.pump();
    clock.ms += 5;
  }
  // Alone it has most places, but never all.
  assert.is(started.length, 6);
  const goods = Array.from({ length: 4 }, () => runnable(started, "good", 2));
  for (const one of goods) queue.add(one);
  queue.pump();
  assert.equal(started.slice(6), ["good", "good"]);
  for (const one of spinners.slice(0, 5)) await one.finish();
  assert.equal(started.slice(8), ["spin"]);
  await goods[0]!.finish();
  await goods[1]!.finish();
  assert.equal(started.slice(9), ["good", "good"]);
});

test("RunQueue keeps a young place free for an account that runs nothing", async () => {
  const started: string[] = [];
  const { queue } = makeQueue({ young: 3, all: 12, youngMs: 60_000 });
  const first = runnable(started, "good", 2);
  queue.add(first);
  queue.pump();
  await first.finish();
  for (let i = 0; i < 6; i++) queue.add(runnable(started, "spin", 1));
  queue.pump();
  assert.equal(started, ["good", "spin", "spin"]);
  queue.add(runnable(started, "good", 2));
  queue.pump();
  assert.equal(started, ["good", "spin", "spin", "good"]);
});

test("RunQueue notices by itself that an entry is no more young", async () => {
  const started: string[] = [];
  const queue = new RunQueue({ young: 1, all: 4, youngMs: 5 });
  queue.add(runnable(started, "a"));
  queue.add(runnable(started, "b"));
  queue.pump();
  assert.equal(started, ["a"]);
  while (started.length === 1) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(started, ["a", "b"]);
});

test("RunQueue starts nothing while it is paused", () => {
  const started: string[] = [];
  const { queue } = makeQueue({ young: 1, all: 1, youngMs: 5 });
  queue.pause();
  queue.add(runnable(started, "a"));
  queue.pump();
  assert.equal(started, []);
  queue.resume();
  assert.equal(started, ["a"]);
});

test("RunQueue holds an account that has used what its pace gives it, and lets it on when more has come in", async () => {
  const started: string[] = [];
  const { queue, clock } = makeQueue({ young: 4, all: 16, youngMs: 60_000 });
  await useFiveMs(queue, started, 100);
  queue.add(runnable(started, "other", 2));
  queue.pump();
  assert.equal(started, ["first", "other"], "others go on meanwhile");
  clock.ms += 49;
  queue.pump();
  assert.is(started.length, 2);
  clock.ms += 1;
  queue.pump();
  assert.equal(started, ["first", "other", "second"]);
});

test("RunQueue comes back by itself for an account that it holds", async () => {
  const started: string[] = [];
  const queue = new RunQueue({ young: 4, all: 16, youngMs: 60_000 });
  await useFiveMs(queue, started, 1_000);
  queue.pump();
  while (started.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.is(queue.waiting, 0);
});

test("RunQueue comes back for who has least to wait, whoever is held first", async () => {
  const started: string[] = [];
  const { queue } = makeQueue({ young: 4, all: 16, youngMs: 60_000 });
  const [long, short] = [runnable(started, "long", 1), runnable(started, "short", 2)];
  queue.pace([
    { account: 1, usPerMs: 20 },
    { account: 2, usPerMs: 1_000 },
  ]);
  for (const one of [long, short]) queue.add(one);
  queue.pump();
  const delays = await delaysOf(async () => {
    long.boundedUs = 10_000;
    await long.finish();
    queue.add(runnable(started, "long", 1));
    queue.pump();
    short.boundedUs = 7_000;
    await short.finish();
    queue.add(runnable(started, "short", 2));
    queue.pump();
  });
  assert.equal(started, ["long", "short"]);
  assert.is(Math.min(...delays), 7);
  queue.pace([]);
});

test("RunQueue holds an account whose next entry waits for a place while the one before uses what its pace gives it", async () => {
  const started: string[] = [];
  const { queue, clock } = makeQueue({ young: 1, all: 2, youngMs: 60_000 });
  queue.pace([{ account: 1, usPerMs: 100 }]);
  const first = runnable(started, "first", 1);
  for (const one of [first, runnable(started, "second", 1)]) queue.add(one);
  queue.pump();
  first.boundedUs = 5_000;
  queue.tick();
  await first.finish();
  assert.equal(started, ["first"]);
  clock.ms += 50;
  queue.pump();
  assert.equal(started, ["first", "second"]);
});

test("RunQueue lets on at once who has no pace any more", async () => {
  const started: string[] = [];
  const { queue } = makeQueue({ young: 4, all: 16, youngMs: 60_000 });
  const first = runnable(started, "first", 1);
  queue.add(first);
  queue.pump();
  queue.pace([{ account: 1, usPerMs: 1 }]);
  first.boundedUs = 5_000_000;
  await first.finish();
  for (const name of ["second", "third"]) queue.add(runnable(started, name, 1));
  queue.pump();
  assert.equal(started, ["first"]);
  queue.pace([]);
  assert.equal(started, ["first", "second", "third"]);
});

test("RunQueue says how long the next turn of an account with a pace should be", () => {
  const started: string[] = [];
  const { queue } = makeQueue({ young: 4, all: 16, youngMs: 60_000 });
  const [paced, other] = [runnable(started, "paced", 1), runnable(started, "other", 2)];
  queue.pace([{ account: 1, usPerMs: 250 }]);
  queue.add(paced);
  queue.add(other);
  queue.pump();
  assert.is(paced.turnUs, 500);
  assert.is(other.turnUs, Infinity);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { CronTicker, spreadShare } from "../../../src/events/cron/cron-ticker.ts";
import type { CronRecord } from "../../../src/storage/cron-store.ts";

const START = Date.UTC(2026, 0, 1, 0, 0, 30);

/** Some turns of the loop, whatever the time that each takes. */
async function soon(): Promise<void> {
  for (let i = 0; i < 6; i++) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("CronTicker fires each trigger once in its minute, and never twice when the clock is set back", async () => {
  const clock = { ms: START };
  const fired: string[] = [];
  const triggers: CronRecord[] = [
    { account: "a", worker: "each", cron: "* * * * *" },
    { account: "a", worker: "even", cron: "*/2 * * * *" },
  ];
  const ticker = new CronTicker({
    clock: { now: () => clock.ms, monotonicMs: () => clock.ms },
    triggers: () => triggers,
    fire: ({ worker }, timeMs) =>
      void fired.push(`${worker} ${new Date(timeMs).toISOString().slice(14, 19)}`),
    spreadMs: 0,
  });
  const at = async (ms: number): Promise<void> => {
    clock.ms = ms;
    ticker.tick();
    await soon();
  };
  await at(START);
  assert.equal(fired, []);
  await at(START + 60_000);
  assert.equal(fired, ["each 01:00"]);
  await at(START + 61_000);
  await at(START);
  assert.equal(fired, ["each 01:00"]);
  triggers.pop();
  triggers.push({ account: "a", worker: "late", cron: "2 * * * *" });
  await at(START + 120_000);
  assert.equal(fired.toSorted(), ["each 01:00", "each 02:00", "late 02:00"]);
  ticker.close();
});

test("CronTicker.close drops what waits to be fired", async () => {
  const clock = { ms: START };
  const fired: string[] = [];
  const ticker = new CronTicker({
    clock: { now: () => clock.ms, monotonicMs: () => clock.ms },
    triggers: () => [{ account: "a", worker: "w", cron: "* * * * *" }],
    fire: ({ worker }) => void fired.push(worker),
    spreadMs: 0,
  });
  clock.ms += 60_000;
  ticker.tick();
  ticker.close();
  await soon();
  assert.equal(fired, []);
});

test("CronTicker goes on where triggers cannot be listed, read or fired", async () => {
  const clock = { ms: START };
  const fired: string[] = [];
  let isOpen = false;
  const ticker = new CronTicker({
    clock: { now: () => clock.ms, monotonicMs: () => clock.ms },
    triggers: () => {
      if (!isOpen) throw new Error("the database is locked");
      return ["never", "61 * * * *", "0 0 31 2 *", "* * * * *", "*/1 * * * *"].map((cron) => ({
        account: "a",
        worker: "w",
        cron,
      }));
    },
    fire: ({ cron }) => {
      if (cron === "* * * * *") throw new Error("no such worker");
      fired.push(cron);
    },
    spreadMs: 0,
  });
  clock.ms += 60_000;
  ticker.tick();
  isOpen = true;
  clock.ms += 60_000;
  ticker.tick();
  await soon();
  assert.equal(fired, ["*/1 * * * *"]);
  ticker.close();
});

test("CronTicker looks at many triggers in slices, and fires all of them", async () => {
  const clock = { ms: START };
  const fired: string[] = [];
  const triggers = Array.from({ length: 400 }, (_, n) => ({
    account: "a",
    worker: `w${n}`,
    cron: `${"1,".repeat(n % 50)}1 ${n % 24} * * *`,
  }));
  const all = [...triggers, { account: "a", worker: "last", cron: "* * * * *" }];
  const ticker = new CronTicker({
    clock: { now: () => clock.ms, monotonicMs: () => clock.ms },
    triggers: () => all,
    fire: ({ worker }) => void fired.push(worker),
    spreadMs: 0,
  });
  clock.ms += 60_000;
  ticker.tick();
  assert.equal(fired, []);
  while (fired.at(-1) !== "last") await soon();
  assert.is(fired.length, triggers.filter(({ cron }) => cron.endsWith("1 0 * * *")).length + 1);
  ticker.close();
});

test("CronTicker spreads the triggers of a thousand workers over its time", async () => {
  const clock = { ms: START };
  const triggers = Array.from({ length: 1_000 }, (_, n) => ({
    account: "a",
    worker: `w${n}`,
    cron: "* * * * *",
  }));
  const tenths = Array<number>(10).fill(0);
  for (const trigger of triggers) tenths[Math.floor(spreadShare(trigger) * 10)]!++;
  assert.ok(
    tenths.every((count) => count > 70 && count < 130),
    tenths.join(),
  );
  const fired: string[] = [];
  // Over 24 days, nothing is due while this test runs.
  const ticker = new CronTicker({
    clock: { now: () => clock.ms, monotonicMs: () => clock.ms },
    triggers: () => triggers,
    fire: ({ worker }) => void fired.push(worker),
    spreadMs: 2 ** 31 - 1,
  });
  clock.ms += 60_000;
  ticker.tick();
  for (let turn = 0; turn < 20; turn++) await soon();
  assert.equal(fired, []);
  ticker.close();
});

test("CronTicker fires no backlog of a day, and does not wait for the time of a clock that was a day ahead", async () => {
  const clock = { ms: START };
  const fired: string[] = [];
  const ticker = new CronTicker({
    clock: { now: () => clock.ms, monotonicMs: () => clock.ms },
    triggers: () => [{ account: "a", worker: "w", cron: "* * * * *" }],
    fire: (_trigger, timeMs) => void fired.push(new Date(timeMs).toISOString().slice(8, 16)),
    spreadMs: 0,
  });
  for (const ms of [START + 86_400_000, START, START + 60_000]) {
    clock.ms = ms;
    ticker.tick();
    await soon();
  }
  assert.equal(fired, ["02T00:00", "01T00:00", "01T00:01"]);
  ticker.close();
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { CronTicker } from "../../../src/events/cron/cron-ticker.ts";
import type { CronRecord } from "../../../src/storage/cron-store.ts";

const START = Date.UTC(2026, 0, 1, 0, 0, 30);

async function soon(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30));
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

test.run();

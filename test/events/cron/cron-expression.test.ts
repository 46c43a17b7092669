import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseCron } from "../../../src/events/cron/cron-expression.ts";

const run = promisify(execFile);

/** The first times from the begin of 2026 on (a Thursday) at which an expression fires. */
function first(expression: string, count = 1): string[] {
  const cron = parseCron(expression);
  const found: string[] = [];
  let at = cron.next(Date.UTC(2026, 0, 1));
  for (; at !== null && found.length < count; at = cron.next(at + 60_000))
    found.push(new Date(at).toISOString().slice(0, 16));
  return found;
}

test("parseCron counts days of the week from 1 for Sunday, and knows their names", () => {
  assert.equal(first("0 0 * * 1"), ["2026-01-04T00:00"]);
  assert.equal(first("0 0 * * 7"), ["2026-01-03T00:00"]);
  assert.equal(first("0 0 * * SUN"), ["2026-01-04T00:00"]);
  assert.equal(first("0 0 * * 2-6", 3), ["2026-01-01T00:00", "2026-01-02T00:00", "2026-01-05T00:00"]);
  assert.equal(first("0 0 * * MON-FRI", 3), ["2026-01-01T00:00", "2026-01-02T00:00", "2026-01-05T00:00"]);
});

test("parseCron knows steps, lists, last days, weekdays and numbered days", () => {
  assert.equal(first("*/20 3 * * *", 3), ["2026-01-01T03:00", "2026-01-01T03:20", "2026-01-01T03:40"]);
  assert.equal(first("5,7 0 * * *", 2), ["2026-01-01T00:05", "2026-01-01T00:07"]);
  assert.equal(first("0 0 L * *"), ["2026-01-31T00:00"]);
  assert.equal(first("0 0 LW * *"), ["2026-01-30T00:00"]);
  assert.equal(first("0 0 10W * *"), ["2026-01-09T00:00"]);
  assert.equal(first("0 0 * * 2#2"), ["2026-01-12T00:00"]);
  assert.equal(first("0 0 * * 6L"), ["2026-01-30T00:00"]);
  assert.equal(first("0 0 * FEB *"), ["2026-02-01T00:00"]);
});

test("parseCron counts in UTC wherever the machine stands", async () => {
  const module = new URL("../../../src/events/cron/cron-expression.ts", import.meta.url);
  // Also where clocks there leave out an hour, and where they have one twice.
  const code = `
    const { parseCron } = await import(${JSON.stringify(module.href)});
    const next = (expression, from) => new Date(parseCron(expression).next(Date.parse(from))).toISOString();
    console.log(JSON.stringify([
      new Date("2026-01-01T00:00:00Z").getHours(),
      next("30 9 * * *", "2026-01-01T09:31:00Z"),
      next("0 1 * * SUN", "2026-01-01T00:00:00Z"),
      next("30 2 8 3 *", "2026-01-01T00:00:00Z"),
      next("30 * * * *", "2026-11-01T05:31:00Z"),
    ]));`;
  const env = { ...process.env, TZ: "America/New_York" };
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], { env });
  assert.equal(JSON.parse(stdout), [
    19,
    "2026-01-02T09:30:00.000Z",
    "2026-01-04T01:00:00.000Z",
    "2026-03-08T02:30:00.000Z",
    "2026-11-01T06:30:00.000Z",
  ]);
});

test("parseCron refuses what means nothing, and says what is wrong", () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["61 * * * *", /61/],
    ["@yearly", /1 fields/],
    ["* * * * * *", /6 fields/],
    ["", /1 fields/],
    ["0 0 * * 0", /day of week 0/],
    ["0 0 * * 8", /day of week 8/],
    ["0 0 31 2 *", /no such day/],
    ["x * * * *", /minute/i],
  ];
  for (const [expression, expected] of wrong) {
    try {
      parseCron(expression);
      assert.unreachable(expression);
    } catch (error) {
      assert.is((error as { code?: string }).code, "INVALID_CRON", expression);
      assert.match((error as Error).message, expected);
    }
  }
});

test.run();

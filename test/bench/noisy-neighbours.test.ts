import { test } from "uvu";
import * as assert from "uvu/assert";
import { measureNoise } from "../../bench/noisy/measure-noise.ts";
import { NOISE_KINDS } from "../../bench/noisy/noise-kinds.ts";
import { isWithinGoal, noiseTable } from "../../bench/noisy/noise-table.ts";
import { withSection } from "../../bench/noisy/write-section.ts";
import { summarize } from "../../bench/statistics/summarize.ts";

test("measureNoise asks a victim alone and beside each kind of noise, and loses no request", async () => {
  const kinds = NOISE_KINDS.filter(({ name }) => name === "KV calls" || name === "WebSocket frames");
  const rows = await measureNoise("in-process", 500, kinds);
  assert.equal(
    rows.map(({ noise }) => noise?.name ?? "none"),
    ["none", "KV calls", "WebSocket frames"],
  );
  for (const { noise, summary, bystander, errors, noisePerSecond } of rows) {
    assert.equal(errors, [], noise?.name);
    assert.ok(summary.n > 5, `${summary.n} requests`);
    assert.ok(bystander.n > 5, `${bystander.n} requests to the plain server`);
    if (noise !== null) assert.ok(noisePerSecond > 0, noise.name);
  }
  const table = noiseTable([{ cell: "in-process", rows }]);
  assert.is(table.split("\n").length, 5);
  assert.match(table, "**KV calls**");
});

test("there are ten kinds of noise", () => {
  assert.is(new Set(NOISE_KINDS.map(({ name }) => name)).size, 10);
});

test("isWithinGoal takes a fifth or 5 ms more than alone, and no error", () => {
  const row = (p99: number, errors: string[] = []): Parameters<typeof isWithinGoal>[0] => ({
    noise: NOISE_KINDS[0]!,
    summary: { ...summarize([1]), p99 },
    bystander: summarize([1]),
    lateMs: 1,
    errors,
    noisePerSecond: 1,
  });
  assert.is(isWithinGoal(row(6.9), 2), true);
  assert.is(isWithinGoal(row(7.1), 2), false);
  assert.is(isWithinGoal(row(119), 100), true);
  assert.is(isWithinGoal(row(1, ["503"]), 2), false);
});

test("withSection replaces the section of its title only, or adds it", () => {
  const text = "# A\n\n## One\n\nold\n\n## Two\n\nkept\n";
  assert.is(withSection(text, "One", "new"), "# A\n\n## One\n\nnew\n\n## Two\n\nkept\n");
  assert.is(withSection(text, "Three", "more"), `${text}\n## Three\n\nmore\n`);
});

test.run();

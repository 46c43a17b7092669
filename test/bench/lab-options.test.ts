import { test } from "uvu";
import * as assert from "uvu/assert";
import { EXPERIMENTS } from "../../bench/laboratory/experiments.ts";
import { extentOf, planRun } from "../../bench/laboratory/plan.ts";
import { SUBJECTS } from "../../bench/subjects/subjects.ts";
import { LAB_HELP, readLabOptions } from "../../bench/laboratory/lab-options.ts";

test("experiments and runtimes are named, by star too, and stay in the order of reports", () => {
  const options = readLabOptions(["warm-64", "cold-*", "--only", "raw-http,skerry", "--rounds", "3"]);
  if (options === "help") throw new Error("no help was asked for");
  assert.equal(
    options.experiments.map(({ name }) => name),
    ["cold-tenant", "cold-bundle", "cold-bundle-cached", "cold-evicted", "cold-rate", "warm-64"],
  );
  assert.equal(
    options.subjects.map(({ name }) => name),
    ["skerry", "raw-http"],
  );
  assert.is(options.size.rounds, 3);
});

test("a preset has experiments, runtimes and a size, which options of their own change", () => {
  const options = readLabOptions(["--preset", "aims", "--rounds", "2"]);
  if (options === "help") throw new Error("no help was asked for");
  const { experiments, subjects, size } = options;
  assert.ok(experiments.some(({ name }) => name === "tenants-10000"));
  assert.ok(experiments.length < 12);
  assert.equal(
    subjects.map(({ name }) => name),
    ["skerry", "workerd", "workerd-loader", "workerd-lru", "raw-http", "miniflare"],
  );
  assert.equal([size.rounds, size.mostTenants], [2, 10_000]);
  assert.match(LAB_HELP, "--preset <name>");
});

test("without options every experiment is measured, in minutes beside the runtimes that are chosen for that", () => {
  const options = readLabOptions([]);
  if (options === "help") throw new Error("no help was asked for");
  const { experiments, subjects, size } = options;
  assert.is(experiments.length, EXPERIMENTS.size);
  assert.ok(subjects.length < SUBJECTS.size);
  const { ms } = extentOf(planOfAll(experiments, subjects, size), size, "skerry");
  assert.ok(ms > 15 * 60_000 && ms < 25 * 60_000, `${ms / 60_000} minutes`);
});

/** A plan as where all peers are installed. */
function planOfAll(...[experiments, subjects, size]: Parameters<typeof planRun>): ReturnType<typeof planRun> {
  const there = subjects.map((subject) => ({ ...subject, packageName: null }));
  return planRun(experiments, there, size);
}

for (const [args, message] of [
  [["--preset", "slow"], '--preset is "slow"; it must be one of standard, full, aims, quick, short'],
  [["cold"], 'experiment is "cold"; it must be one of cold-tenant'],
  [["--only", "wasmer"], '--only is "wasmer"; it must be one of skerry'],
  [["--rounds", "0"], '--rounds is "0"; it must be a whole number from 1 to 1000'],
  [["--tenants", "many"], '--tenants is "many"; it must be a whole number'],
] as const) {
  test(`${args.join(" ")} is refused by name`, () => {
    assert.throws(() => readLabOptions(args), message);
  });
}

test.run();

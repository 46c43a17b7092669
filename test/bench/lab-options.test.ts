import { test } from "uvu";
import * as assert from "uvu/assert";
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
    ["skerry", "workerd", "workerd-loader", "raw-http", "miniflare"],
  );
  assert.equal([size.rounds, size.mostTenants], [2, 10_000]);
  assert.match(LAB_HELP, "--preset <name>");
});

for (const [args, message] of [
  [["--preset", "slow"], '--preset is "slow"; it must be one of full, aims, quick, short'],
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

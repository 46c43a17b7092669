import { test } from "uvu";
import * as assert from "uvu/assert";
import { readSoakOptions } from "./soak/soak-options.ts";
import { promisesOf, soakReport } from "./soak/soak-report.ts";
import { runSoak } from "./soak/soak-run.ts";

test("a short soak keeps every promise, and says what it saw", async () => {
  const result = await runSoak(
    { seed: 7, runs: 80, seconds: 30, lanes: 2, cells: 1, settleSeconds: 4, warmUp: "short" },
    () => {},
  );
  const report = soakReport(result);
  // The memory of so short a run is that of the machine's mood.
  const broken = promisesOf(result).filter(({ what, held }) => !held && !what.startsWith("memory"));
  assert.equal(broken, [], report);
  assert.ok(result.tally.runs > 0, report);
  assert.match(report, "outcomes by case");
});

test("readSoakOptions refuses what is no number", () => {
  assert.throws(() => readSoakOptions(["--runs", "many"]), /--runs is many/);
  assert.is(readSoakOptions(["--help"]), "help");
});

test.run();

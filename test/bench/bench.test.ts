import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runBench, SHORT_SIZE } from "../../bench/bench.ts";
import type { Report } from "../../bench/report.ts";
import { summarize } from "../../bench/statistics.ts";

test("runBench measures every phase of a cold start, prints a table and writes the same as JSON", async () => {
  const jsonFolder = await mkdtemp(join(tmpdir(), "skerry-bench-test-"));
  try {
    const printed: string[] = [];
    const { report, path } = await runBench(
      {
        scenarios: ["cold-start", "warm-request", "warm-path", "kv", "crypto"],
        cells: ["in-process"],
        size: SHORT_SIZE,
        jsonFolder,
      },
      (text) => printed.push(text),
    );
    const rows = report.results[0]!.rows;
    const phases = rows.filter(({ scenario }) => scenario === "cold start, 0.1 KB").map(({ what }) => what);
    assert.equal(phases, ["claim", "compile", "evaluate", "first response, all phases"]);
    for (const { what, summary } of rows) {
      assert.ok(summary.n > 0 && summary.min >= 0 && summary.p50 <= summary.p99, what);
      assert.ok(printed.join("\n").includes(what), `${what} is not in the table`);
    }
    assert.equal((JSON.parse(await readFile(path, "utf8")) as Report).results, report.results);
    assert.match(printed.join("\n"), process.versions.v8);
  } finally {
    await rm(jsonFolder, { recursive: true, force: true });
  }
});

test("runBench names the scenarios that there are when it does not know one", async () => {
  const run = runBench(
    { scenarios: ["warmth"], cells: ["in-process"], size: SHORT_SIZE, jsonFolder: tmpdir() },
    () => {},
  );
  const error = await run.then(
    () => null,
    (reason: Error) => reason,
  );
  assert.match(error!.message, `there is no scenario "warmth"; there are cold-start`);
});

test("summarize orders its samples and refuses none", () => {
  assert.equal(summarize([3, 1, 2, 10]), { n: 4, min: 1, p50: 3, p90: 10, p99: 10 });
  assert.throws(() => summarize([]), "no samples");
});

test.run();

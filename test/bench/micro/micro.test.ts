import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runMicro, SHORT_SIZE } from "../../../bench/micro/micro.ts";
import type { MicroReport } from "../../../bench/micro/micro-report.ts";

test("runMicro measures every phase of a cold start, prints a table and writes the same as JSON", async () => {
  const jsonFolder = await mkdtemp(join(tmpdir(), "skerry-bench-test-"));
  try {
    const printed: string[] = [];
    const { report, path } = await runMicro(
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
    assert.equal((JSON.parse(await readFile(path, "utf8")) as MicroReport).results, report.results);
    assert.match(printed.join("\n"), process.versions.v8);
  } finally {
    await rm(jsonFolder, { recursive: true, force: true });
  }
});

test("runMicro names the scenarios that there are when it does not know one", async () => {
  const run = runMicro(
    { scenarios: ["warmth"], cells: ["in-process"], size: SHORT_SIZE, jsonFolder: tmpdir() },
    () => {},
  );
  const error = await run.then(
    () => null,
    (reason: Error) => reason,
  );
  assert.match(error!.message, `there is no scenario "warmth"; there are cold-start`);
});

test.run();

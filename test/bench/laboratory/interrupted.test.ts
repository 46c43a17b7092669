import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SHORT_SIZE } from "../../../bench/laboratory/experiment.ts";
import { planRun } from "../../../bench/laboratory/plan.ts";
import { Progress } from "../../../bench/laboratory/progress.ts";
import { type LabRecord, readRecords } from "../../../bench/laboratory/records.ts";
import { runLaboratory } from "../../../bench/laboratory/run-laboratory.ts";
import { scratchFolder } from "../../../bench/scratch-folder.ts";
import type { Subject } from "../../../bench/subjects/subject.ts";
import { experimentOf } from "./recording-server.ts";

const LAB = join(import.meta.dirname, "../../../bench/lab.ts");

test("a run that is interrupted reports what was measured until then, and says so", async () => {
  await using folder = await scratchFolder("lab-test");
  const json = join(folder.path, "run.jsonl");
  const args = ["--rounds", "500", "--load-ms", "10", "--only", "raw-http", "warm-1", "--json", json];
  const child = spawn(process.execPath, [LAB, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const piece of child.stdout.setEncoding("utf8") as AsyncIterable<string>) {
    text += piece;
    // As npm does: what the terminal sends comes twice.
    if (/round 2:/.test(text) && !text.includes("Interrupted")) {
      child.kill("SIGINT");
      child.kill("SIGINT");
    }
  }
  if (child.exitCode === null) await once(child, "exit");
  assert.is(child.exitCode, 130);
  const records = await readRecords(json);
  const samples = records.filter(({ type }) => type === "samples").length;
  assert.ok(samples >= 2 && samples < 500, `${samples} rounds`);
  assert.equal(
    records.filter(({ type }) => type === "failure"),
    [],
  );
  assert.equal((records.at(-1) as { interrupted?: object }).interrupted, { done: samples, of: 500 });
  assert.match(text, `This run was interrupted after ${samples} of 500 measurements`);
  assert.match(text, /^ +raw-http /m);
  assert.match(readFileSync(join(folder.path, "run.html"), "utf8"), "This run was interrupted after");
});

test("a run that is interrupted while a server starts measures nothing of it, and ends it", async () => {
  const interruption = new AbortController();
  let ended = 0;
  let measured = 0;
  const subject: Subject = {
    name: "slow",
    title: "One that starts slowly",
    packageName: null,
    abilities: [],
    version: () => "1",
    start: async () => {
      interruption.abort();
      return await Promise.resolve({
        port: 0,
        memoryBytes: async () => await Promise.resolve(0),
        [Symbol.asyncDispose]: async () => await Promise.resolve(void ended++),
      });
    },
  };
  const experiment = {
    ...experimentOf("warm-1"),
    measure: async () => await Promise.resolve({ samples: { whole: [++measured] } }),
  };
  const records: LabRecord[] = [];
  await runLaboratory({
    plan: planRun([experiment], [subject], SHORT_SIZE),
    ours: "skerry",
    size: SHORT_SIZE,
    record: (record) => void records.push(record),
    say: () => {},
    progress: new Progress(0),
    signal: interruption.signal,
  });
  assert.equal([measured, ended], [0, 1]);
  assert.equal(
    records.map(({ type }) => type),
    ["experiment"],
  );
});

test.run();

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readRecords } from "../../../bench/laboratory/records.ts";
import { scratchFolder } from "../../../bench/scratch-folder.ts";

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

test.run();

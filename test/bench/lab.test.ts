import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { measureToFile } from "../../bench/laboratory/lab.ts";
import { writeReport } from "../../bench/laboratory/write-report.ts";
import { readLabOptions } from "../../bench/laboratory/lab-options.ts";
import { FIRST_BYTE, PHASES, WHOLE } from "../../bench/laboratory/experiment.ts";
import { readRecords } from "../../bench/laboratory/records.ts";
import { countOf } from "../../bench/statistics/distribution.ts";

test("a short run measures each runtime in every round, and makes its report", async () => {
  const folder = await mkdtemp(join(tmpdir(), "skerry-lab-test-"));
  try {
    const json = join(folder, "run.jsonl");
    const args = ["--short", "--only", "skerry,node-vm", "--json", json, "cold-tenant"];
    const options = readLabOptions(args);
    if (options === "help") throw new Error("no help was asked for");
    const said: string[] = [];
    const run = await measureToFile(options, (text) => said.push(text));
    assert.equal(run, { path: json, measured: true, interrupted: false });
    assert.match(said.join("\n"), /take part +skerry, node-vm$/m);

    const records = await readRecords(json);
    assert.equal(
      records.filter((record) => record.type === "failure"),
      [],
    );
    const rounds = records
      .filter((record) => record.type === "samples")
      .map(({ experiment, subject, round }) => `${experiment} ${subject} ${round}`);
    // The second round goes the other way.
    assert.equal(rounds, [
      "cold-tenant skerry 0",
      "cold-tenant node-vm 0",
      "cold-tenant skerry-again 0",
      "cold-tenant skerry-again 1",
      "cold-tenant node-vm 1",
      "cold-tenant skerry 1",
    ]);
    const told = records.find((record) => record.type === "conditions");
    assert.match(told?.text ?? "", /^all limits and metering on; sandbox: /);
    assert.match(records.at(-1)?.type ?? "", "end");
    const cold = records.find((record) => record.type === "samples");
    const { coldStarts } = options.size;
    for (const { name: metric } of [FIRST_BYTE, WHOLE, ...PHASES]) {
      assert.is(countOf(cold?.samples[metric] ?? []), coldStarts, metric);
    }

    const text = await writeReport(json, { ...options, before: records });
    assert.match(text, "Cold start of a tenant that was never asked");
    assert.match(text, /^skerry +Skerry, process cells; .*; --no-node-snapshot; all limits/m);
    assert.match(text, /^ +node-vm /m);
    assert.match(text, "nothing differs beyond what chance does");
    assert.match(await readFile(join(folder, "run.html"), "utf8"), "What it is made of");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("new versions, new tenants and a loud neighbour are measured, and every answer was the right one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "skerry-lab-test-"));
  try {
    const json = join(folder, "run.jsonl");
    const names = ["new-version", "deploy-to-first", "noisy-neighbour"];
    const options = readLabOptions([
      "--short",
      "--rounds",
      "1",
      "--only",
      "skerry",
      "--json",
      json,
      ...names,
    ]);
    if (options === "help") throw new Error("no help was asked for");
    await measureToFile(options, () => {});
    const records = await readRecords(json);
    assert.equal(
      records.filter((record) => record.type === "failure"),
      [],
    );
    const counts = records
      .filter((record) => record.type === "samples")
      .filter(({ subject }) => subject === "skerry")
      .map(
        ({ samples }) =>
          Object.keys(samples).length >= 4 && Object.values(samples).every((one) => countOf(one) >= 1),
      );
    assert.equal(counts, [true, true, true]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.run();

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failingOnPurpose, PURPOSES, readExpectations, type Expectations } from "./expectations.ts";
import type { UnitResult } from "./runtimes/runtime.ts";
import { attainable, nameAnywhere, passedBy, shareOf, without } from "./share.ts";
import { SUITES, type Suite } from "./suites.ts";

/** What `run.ts --out` wrote. */
interface ResultsFile {
  readonly runtime: string;
  readonly suites: Readonly<Record<string, Readonly<Record<string, UnitResult>>>>;
}

const ROOT = join(import.meta.dirname, "../..");
const HELP = `Writes docs/conformance.md from results of run.ts --out:

  node test/conformance/report.ts SKERRY.json PEER.json...`;

function main(files: readonly string[]): number {
  if (files.length < 2) {
    console.error(HELP);
    return 2;
  }
  const [skerry, ...peers] = files.map((file) => JSON.parse(readFileSync(file, "utf8")) as ResultsFile);
  if (skerry === undefined || skerry.runtime !== "skerry") {
    console.error(
      `the first file has results of ${skerry?.runtime}; it must have those of skerry\n\n${HELP}`,
    );
    return 2;
  }
  writeFileSync(join(ROOT, "docs/conformance.md"), page(skerry, peers));
  return 0;
}

function page(skerry: ResultsFile, peers: readonly ResultsFile[]): string {
  const all = [skerry, ...peers];
  const rows = SUITES.filter(({ name }) => skerry.suites[name] !== undefined).map((suite) =>
    row(suite, all, peers),
  );
  const versions = peers.map(({ runtime }) => runtime).join(", ");
  return `# Conformance

web-platform-tests (edition of 28 August 2025) run inside Skerry by \`test/conformance/run.ts\`, beside ${versions} with the same
harness on the same machine. Written by \`test/conformance/report.ts\`.

Each cell: mean over the files of the share of *attainable* subtests passed, in percent (subtests passed in all). A subtest is
attainable if one of the other runtimes passes it; those whose names end in the kind of global object that they ran in are
the same subtest in all of them. *skerry, apart* leaves out the subtests that do not pass [on purpose](#apart).

| suite | files | attainable | skerry, apart | ${all.map(({ runtime }) => runtime).join(" | ")} |
| --- | --- | --- | --- | ${all.map(() => "---").join(" | ")} |
${rows.join("\n")}

How to run it: [test/conformance/run.ts](../test/conformance/run.ts) \`--help\`.

## Apart

These could pass, and a worker, or its neighbours, would be worse off. They stand below with all others.

${PURPOSES.map(({ words }) => `- ${words}`).join("\n")}

## What fails, and why

Subtests that Skerry does not pass, by suite and reason. Those that no other runtime passes either are marked *(nobody)*.

${SUITES.map(({ name }) => failures(name, readExpectations(name), peers)).join("")}`;
}

function row({ name }: Suite, all: readonly ResultsFile[], peers: readonly ResultsFile[]): string {
  const results = all.map(({ suites }) => suites[name] ?? {});
  const goals = attainable(peers.map(({ suites }) => suites[name] ?? {}));
  const files = Object.keys(results[0] ?? {}).length;
  const count = [...goals.values()].reduce((sum, { size }) => sum + size, 0);
  const cells = results.map((units) => `${(100 * shareOf(units, goals)).toFixed(1)} (${passedBy(units)})`);
  const kept = without(goals, failingOnPurpose(readExpectations(name)));
  const apart = (100 * shareOf(results[0] ?? {}, kept)).toFixed(1);
  return `| ${name} | ${files} | ${count} | ${apart} | ${cells.join(" | ")} |`;
}

function failures(suite: string, expectations: Expectations, peers: readonly ResultsFile[]): string {
  const goals = attainable(peers.map(({ suites }) => suites[suite] ?? {}));
  const byReason = new Map<string, string[]>();
  const add = (reason: string, line: string): void =>
    void byReason.set(reason, [...(byReason.get(reason) ?? []), line]);
  for (const [id, { ended, failing = {}, absent = {} }] of Object.entries(expectations)) {
    if (ended !== undefined) add(ended, `\`${id}\` as a whole`);
    for (const [reason, names] of [...Object.entries(failing), ...Object.entries(absent)]) {
      const wanted = names.filter((name) => goals.get(id)?.has(nameAnywhere(name)));
      const nobody = names.length - wanted.length;
      const list = wanted.map((name) => `    - ${oneLine(name)}`);
      if (nobody > 0) list.push(`    - ${nobody} *(nobody)*`);
      add(reason, `\`${id}\`\n${list.join("\n")}`);
    }
  }
  if (byReason.size === 0) return "";
  const parts = [...byReason].map(
    ([reason, lines]) => `- **${reason}**\n${lines.map((line) => `  - ${line}`).join("\n")}`,
  );
  return `### ${suite}\n\n${parts.join("\n")}\n\n`;
}

function oneLine(name: string): string {
  return JSON.stringify(name.slice(0, 160)).slice(1, -1).replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

process.exitCode = main(process.argv.slice(2));

import { test } from "uvu";
import * as assert from "uvu/assert";
import { askBoth } from "./ask-both.ts";
import { judge, staleEntries, type Finding } from "./judge.ts";

/** What says enough of a finding to look for its cause. */
function told({ key, date, check }: Finding): string {
  return `${key} @${date}\n  skerry  ${check.skerry.slice(0, 300)}\n  workerd ${check.workerd.slice(0, 300)}`;
}

function unknown(findings: readonly Finding[]): string {
  return findings
    .filter(({ verdict }) => verdict === "unknown")
    .map(told)
    .join("\n");
}

test("Skerry answers as workerd does, but for the differences that are listed, all of which are still there", async () => {
  const findings = judge(await askBoth());
  assert.is(unknown(findings), "");
  assert.equal(staleEntries(findings), []);
  assert.ok(new Set(findings.map((finding) => finding.case)).size >= 150);
});

test("so it does from a process of its own", async () => {
  const findings = judge(await askBoth(["headers", "sockets", "service bindings"], { cell: "process" }));
  assert.is(unknown(findings), "");
});

test.run();

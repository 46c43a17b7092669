import { test } from "uvu";
import * as assert from "uvu/assert";
import { askBoth } from "./ask-both.ts";
import { judge, staleEntries, type Finding } from "./judge.ts";
import { readRecord, recordOf } from "./record.ts";

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
  const asked = await askBoth();
  const findings = judge(asked);
  assert.is(unknown(findings), "");
  assert.equal(staleEntries(findings), []);
  assert.ok(new Set(findings.map((finding) => finding.case)).size >= 150);
  // What the page is made of, but for counts of checks: some depend on how fast the machine is. `explore.ts --record`
  // and `npm run pages` bring it up to date.
  const { areas, surface } = recordOf(asked, findings);
  const recorded = readRecord();
  assert.equal(surface, recorded.surface);
  const cases = (of: typeof areas): unknown =>
    Object.entries(of).map(([area, record]) => [area, record.cases]);
  assert.equal(cases(areas), cases(recorded.areas));
});

test("so it does from a process of its own", async () => {
  const findings = judge(await askBoth(["headers", "sockets", "service bindings"], { cell: "process" }));
  assert.is(unknown(findings), "");
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { askBoth } from "./ask-both.ts";
import { DIFFERENCES } from "./differences.ts";
import { caseCounts, unknownIn } from "./findings.ts";
import { judge, staleEntries } from "./judge.ts";
import { readRecord, recordOf } from "./record.ts";
import { SITE_AREAS } from "./sites/ask-sites.ts";
import { SITE_DIFFERENCES } from "./sites/site-differences.ts";

test("Skerry answers as workerd does, but for the differences that are listed, all of which are still there", async () => {
  const asked = await askBoth();
  const findings = judge(asked);
  assert.is(unknownIn(findings), "");
  const differences = DIFFERENCES.filter((one) => !SITE_DIFFERENCES.includes(one));
  assert.equal(staleEntries(findings, differences), []);
  assert.ok(new Set(findings.map((finding) => finding.case)).size >= 150);
  // What the page is made of, but for counts of checks: some depend on how fast the machine is. `explore.ts --record`
  // and `npm run pages` bring it up to date.
  const { areas, surface } = recordOf(asked, findings);
  const recorded = readRecord();
  assert.equal(surface, recorded.surface);
  assert.equal(
    caseCounts(areas),
    caseCounts(recorded.areas).filter(([area]) => !SITE_AREAS.includes(area)),
  );
});

test("so it does from a process of its own", async () => {
  const findings = judge(await askBoth(["headers", "sockets", "service bindings"], { cell: "process" }));
  assert.is(unknownIn(findings), "");
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { caseCounts, unknownIn } from "../findings.ts";
import { judge, staleEntries } from "../judge.ts";
import { areasOf, readRecord } from "../record.ts";
import { askSites, SITE_AREAS } from "./ask-sites.ts";
import { SITE_DIFFERENCES } from "./site-differences.ts";

test("static assets are answered as Cloudflare's asset worker and router answer them, but for what is listed", async () => {
  const asked = await askSites();
  const findings = judge(asked);
  assert.is(unknownIn(findings), "");
  assert.equal(staleEntries(findings, SITE_DIFFERENCES), []);
  assert.equal(
    caseCounts(areasOf(findings)),
    caseCounts(readRecord().areas).filter(([area]) => SITE_AREAS.includes(area)),
  );
});

test.run();

import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { countOf, Distribution } from "../../../../bench/statistics/distribution.ts";
import { handlerSource, LOUD_TENANT, site } from "../../../../bench/subjects/site.ts";
import { measureRecorded } from "../recording-server.ts";

test("the quiet tenant is alone first, and the loud one comes with its second time only", async () => {
  const { asked, samples, size } = await measureRecorded("noisy-neighbour", { size: { loadMs: 300 } });
  const due = (100 * size.loadMs) / 1_000;
  const warmUp = due * 0.3;
  const first = asked.tenants.indexOf(LOUD_TENANT);
  // A schedule has no fewer requests because somebody else asks as well.
  assert.ok(first >= due + warmUp, `the loud tenant is asked after ${first} requests`);
  assert.is(asked.tenants.filter((tenant) => tenant === 0).length, 2 * (due + warmUp));
  assert.is(countOf(samples["whole answer, alone"]!), due);
  assert.is(countOf(samples["whole answer, beside a loud tenant"]!), due);
  assert.ok(Distribution.of(samples["answers of the loud tenant"]!).least > 0);
  assert.equal(samples["refusals of the loud tenant"], [0]);
});

test("the loud tenant computes, and the quiet one does not", () => {
  const sumOf = (tenant: number): unknown => {
    class Response {}
    const realm: { handle?: () => void; sum?: number; Response: unknown } = { Response };
    runInNewContext(handlerSource(site({ kind: "loud", tenants: 2 }), tenant), realm);
    realm.handle!();
    return realm.sum;
  };
  assert.is(sumOf(0), 0);
  assert.is.not(sumOf(LOUD_TENANT), 0);
});

test.run();

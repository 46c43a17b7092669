import { test } from "uvu";
import * as assert from "uvu/assert";
import { runDeploys } from "../../bench/deploys/deploys.ts";

test("no request fails over loopback while a worker is deployed in all ways, and one that is deleted is not found", async () => {
  const { failures, deleteFailures, faults, versions, requests, outcomes } = await runDeploys({
    deploys: 30,
    perS: 300,
    // A machine that is slow because of others refuses nothing here.
    admission: { maxWaitMs: 0 },
  });
  assert.equal([failures, deleteFailures, faults], [{}, {}, []]);
  assert.ok(versions > 5 && requests > 100, `${versions} versions answered ${requests} requests`);
  const rest = Object.keys(outcomes).filter((outcome) => outcome !== "ok" && outcome !== "scriptNotFound");
  assert.equal(rest, []);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { FIRST_BYTE, WHOLE } from "../../../../bench/laboratory/experiment.ts";
import { Distribution } from "../../../../bench/statistics/distribution.ts";
import { measureRecorded } from "../recording-server.ts";

const SIZE = { coldStarts: 4 };

test("new-version deploys one worker again and again, and asks for each version once it is there", async () => {
  const { asked, samples } = await measureRecorded("new-version", { size: SIZE });
  // The worker is warm before; the first deploy is not counted.
  assert.equal(asked.tenants, [0, 0, 0, 0, 0, 0]);
  assert.equal(asked.deploys, [0, 0, 0, 0, 0]);
  const least = (name: string): number => Distribution.of(samples[name]!).least;
  assert.is(Distribution.of(samples["deploy to first answer"]!).count, 4);
  assert.ok(least("deploy to first answer") >= least("deploy") + least(FIRST_BYTE.name));
  assert.ok(least(WHOLE.name) >= least(FIRST_BYTE.name));
});

test("deploy-to-first has a tenant each time that was never there", async () => {
  const { asked } = await measureRecorded("deploy-to-first", { size: SIZE });
  assert.is(new Set(asked.deploys).size, 5);
  assert.equal(asked.tenants.slice(1), asked.deploys);
  assert.not.ok(asked.deploys.includes(0));
});

test("a server that goes on with the old version gives no figure", async () => {
  const message = await measureRecorded("new-version", {
    size: SIZE,
    answer: (tenant) => `hello ${tenant}`,
  }).then(
    () => "nothing was thrown",
    (error: Error) => error.message,
  );
  assert.match(message, "after deploying version 0 tenant 0 answered 200 hello 0");
});

test.run();

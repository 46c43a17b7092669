import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HostOptions } from "../../src/index.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { load, makeRig, SOURCE, strike } from "./blame-rig.ts";
import { until, upload } from "./fixture.ts";

test("three strikes pause a worker, with a neighbour at work, until it is lifted; no deploy or deletion ends it", async () => {
  await using at = await makeRig();
  const good = await at.host.deploy(upload("good", SOURCE));
  const bad = await at.host.deploy(upload("bad", SOURCE));
  const stop = load(good, "/");
  for (let i = 1; i <= 3; i++) await strike(at, bad);
  assert.is(at.quarantines.length, 1);
  assert.equal(
    [at.quarantines[0]!.worker, at.quarantines[0]!.state, at.quarantines[0]!.pauses],
    ["bad", "quarantined", 1],
  );
  const refused = await bad.fetch("http://w/", { headers: { accept: "text/html" } });
  assert.is(refused.status, 503);
  assert.is(refused.headers.get("skerry-outcome"), "quarantined");
  const retryAfterS = Number(refused.headers.get("retry-after"));
  assert.ok(retryAfterS > 30 && retryAfterS <= 60, `${retryAfterS}`);
  assert.match(await refused.text(), /Worker paused/);
  await until("it is recorded", () => at.events.some(({ outcome }) => outcome === "quarantined"));
  assert.is(await bad.scheduled({ cron: "* * * * *" }), "quarantined");
  assert.equal(await stop(), []);
  await at.host.deploy(upload("bad", SOURCE));
  assert.is((await bad.fetch("http://w/")).headers.get("skerry-outcome"), "quarantined");
  await at.host.delete("bad");
  const again = await at.host.deploy(upload("bad", SOURCE));
  assert.is((await again.fetch("http://w/")).headers.get("skerry-outcome"), "quarantined");
  assert.is(at.host.quarantine.lift("bad", "another"), false);
  assert.is(at.host.quarantine.lift("bad"), true);
  assert.is(await (await again.fetch("http://w/")).text(), "well");
  assert.equal(at.host.quarantine.list(), []);
  assert.equal(at.faults, []);
});

/**
 * Times from the shortest that may do to the longest that is tried: a test that needs something to be so before its time
 * is over comes too late on a machine that stands still, and then tries a longer one.
 */
const TIMES_MS = [5_000, 20_000, 80_000];

test("a pause survives a restart of the host, and ends in a probation with a cell of its own", async () => {
  for (const pauseMs of TIMES_MS) {
    using folder = tempFolder();
    const options: HostOptions = {
      dataFolder: folder.path,
      quarantine: { strikes: 1, pausesMs: [pauseMs, 1_000_000] },
    };
    {
      await using at = await makeRig(options);
      await strike(at, await at.host.deploy(upload("bad", SOURCE)));
      assert.is(at.quarantines.length, 1);
    }
    await using at = await makeRig(options);
    const bad = at.host.worker("bad")!;
    const outcome = (await bad.fetch("http://w/")).headers.get("skerry-outcome");
    const isLate = outcome !== "quarantined" && at.host.quarantine.list()[0]?.state === "probation";
    if (isLate && pauseMs !== TIMES_MS.at(-1)) continue;
    assert.is(outcome, "quarantined");
    assert.is(at.host.quarantine.list()[0]!.lastStrike.reason, "unstoppable");
    await until("the pause is over", () => at.host.quarantine.list()[0]!.state === "probation");
    assert.is(await (await bad.fetch("http://w/")).text(), "well");
    const alone = (await at.host.stats()).cells.find(({ use }) => use === "alone");
    assert.is(alone?.worker, "bad");
    await strike(at, bad);
    const [entry] = at.host.quarantine.list();
    assert.equal([entry!.state, entry!.pauses], ["quarantined", 2]);
    assert.ok(entry!.untilMs! > Date.now() + 500_000);
    return;
  }
});

test("a worker leaves its own cell when its time alone is over, and that cell is closed", async () => {
  for (const aloneMs of TIMES_MS) {
    await using at = await makeRig({ quarantine: { aloneMs }, warm: { cellIdleMs: 100 } });
    const bad = await at.host.deploy(upload("bad", SOURCE));
    await strike(at, bad);
    assert.is(await (await bad.fetch("http://w/")).text(), "well");
    const uses = async (): Promise<string> =>
      (await at.host.stats()).cells.map(({ use, isolates }) => `${use} ${isolates}`).join();
    const first = await uses();
    if (first !== "shared 0,alone 1" && aloneMs !== TIMES_MS.at(-1)) continue;
    assert.is(first, "shared 0,alone 1");
    const stop = load(bad, "/");
    await until("it is back among others", async () => /^shared [1-9]\d*$/.test(await uses()));
    assert.equal(await stop(), []);
    return;
  }
});

test.run();

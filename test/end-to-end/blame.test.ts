import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Worker } from "../../src/index.ts";
import { kvNamespaces, load, makeRig, SOURCE, strike } from "./blame-rig.ts";
import { untilBusy } from "../cell/until-busy.ts";
import { until, upload } from "./fixture.ts";

test("a worker that ends its cell is blamed with evidence, and neighbours' GETs notice nothing", async () => {
  await using at = await makeRig();
  const good = await at.host.deploy(upload("good", SOURCE, { account: "good" }));
  const bad = await at.host.deploy(upload("bad", SOURCE, { account: "bad" }));
  const stops = [load(good, "/"), load(good, "/wait")];
  // From now on some have begun at any moment.
  for (const { lap } of stops) await lap();
  await strike(at, bad);
  await until("the cell is replaced", async () => (await at.host.stats()).cells[0]!.restarts === 1);
  for (const stop of stops) assert.equal(await stop(), []);
  assert.ok(
    at.events.some(({ worker, retried, outcome }) => worker === "good" && retried && outcome === "ok"),
  );
  assert.is(at.blames.length, 1);
  const [blame] = at.blames;
  assert.is(blame!.account, "bad");
  assert.is(blame!.worker, "bad");
  assert.is(blame!.versionId, bad.versionId);
  assert.is(blame!.verdict, "culprit");
  assert.is(blame!.reason, "unstoppable");
  assert.equal(blame!.event, { kind: "fetch", method: "GET", url: "http://w/bad" });
  assert.ok(blame!.ranMs >= 50, `${blame!.ranMs}`);
  assert.ok(Math.abs(blame!.timeMs - Date.now()) < 600_000);
  assert.is(at.events.find(({ worker }) => worker === "bad")!.outcome, "exceededCpu");
  const [entry] = at.host.quarantine.list();
  assert.equal([entry!.worker, entry!.state, entry!.strikes], ["bad", "watched", 1]);
  assert.equal(at.faults, []);
});

test("a neighbour's POST ends with 503 and Retry-After, and is not run twice", async () => {
  await using at = await makeRig();
  const good = await at.host.deploy(upload("good", SOURCE, { account: "good", kvNamespaces }));
  const bad = await at.host.deploy(upload("bad", SOURCE, { account: "bad" }));
  const counting = good.fetch("http://w/count", { method: "POST", body: "x" });
  await until("it has counted", async () => (await (await good.fetch("http://w/runs")).text()) === "1");
  await strike(at, bad);
  const answer = await counting;
  assert.is(answer.status, 503);
  assert.is(answer.headers.get("skerry-outcome"), "isolateLost");
  assert.is(answer.headers.get("retry-after"), "1");
  assert.is(await (await good.fetch("http://w/runs")).text(), "1");
});

test("a death with two suspects strikes nobody and separates them, so that the next one names its culprit", async () => {
  // In a namespace of its own a process feels no signal from outside but SIGKILL.
  await using at = await makeRig({ sandbox: "off", limits: { cpuMs: 60_000 } });
  const spin = (name: string): Promise<Worker> =>
    at.host.deploy(upload(name, SOURCE.replace('"/wait") await', '"/wait") for (;;); if (0) await')));
  const [one, two] = [await spin("one"), await spin("two")];
  const both = [one.fetch("http://w/wait"), two.fetch("http://w/wait")];
  const { pid } = (await at.host.stats()).cells[0]!;
  await untilBusy(pid!, 2);
  process.kill(pid!, "SIGSEGV");
  for (const answer of both) assert.is((await answer).headers.get("skerry-outcome"), "isolateLost");
  assert.equal(at.blames.map(({ worker, verdict, reason }) => [worker, verdict, reason].join()).sort(), [
    "one,suspect,crashed",
    "two,suspect,crashed",
  ]);
  assert.equal(at.host.quarantine.list(), []);
  for (const worker of [one, two]) assert.is(await (await worker.fetch("http://w/")).text(), "well");
  const cells = (await at.host.stats()).cells.filter(({ use }) => use === "alone");
  assert.equal(cells.map(({ worker }) => worker).sort(), ["one", "two"]);
  assert.is(new Set(cells.map(({ pid }) => pid)).size, 2);
  const again = [one.fetch("http://w/wait"), two.fetch("http://w/wait")] as const;
  const alone = cells.find(({ worker }) => worker === "one")!.pid!;
  await untilBusy(alone);
  process.kill(alone, "SIGSEGV");
  assert.is((await again[0]).headers.get("skerry-outcome"), "isolateLost");
  await until("it is blamed", () => at.blames.length === 3);
  assert.equal([at.blames[2]!.worker, at.blames[2]!.verdict], ["one", "culprit"]);
  assert.equal(
    at.host.quarantine.list().map(({ worker }) => worker),
    ["one"],
  );
  await at.host.close(0);
  await again[1];
});

test("a cell that somebody kills is nobody's doing: GETs are run again, and nobody is blamed", async () => {
  await using at = await makeRig();
  const good = await at.host.deploy(upload("good", SOURCE));
  const stops = [load(good, "/"), load(good, "/wait")];
  for (let killed = 1; killed <= 3; killed++) {
    // What is run again has to end: it is not run a third time.
    for (const stop of stops) await stop.lap();
    const [cell] = (await at.host.stats()).cells;
    process.kill(cell!.pid!, "SIGKILL");
    await until("it is replaced", async () => (await at.host.stats()).cells[0]!.restarts === killed);
  }
  for (const stop of stops) assert.equal(await stop(), []);
  assert.ok(at.events.some(({ retried }) => retried));
  // What had run for so long may have brought the kill about: on a machine that stood still, anything has.
  assert.equal(
    at.blames.filter(({ ranMs }) => ranMs < 1_000),
    [],
  );
  assert.equal(at.faults, []);
});

test.run();
test.run();

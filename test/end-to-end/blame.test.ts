import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BlameReport, HostOptions, QuarantineEntry, Worker } from "../../src/index.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { type Fixture, makeHost, until, upload } from "./fixture.ts";

/** `/bad` rejects with what spins wherever it is looked at, which no call stops; `/wait` takes long, by waiting. */
const SOURCE = `export default { async fetch(request, env) {
  const { pathname } = new URL(request.url);
  if (pathname === "/bad") { Promise.reject(new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); } })); await 0; }
  if (pathname === "/wait") await new Promise((done) => setTimeout(done, 400));
  if (pathname === "/count") {
    await env.KV.put("runs", String(Number(await env.KV.get("runs")) + 1));
    await new Promise((done) => setTimeout(done, 8_000));
  }
  if (pathname === "/runs") return new Response(await env.KV.get("runs"));
  return new Response("well");
} };`;
const kvNamespaces = [{ binding: "KV", id: "n" }];

interface Rig extends Fixture {
  readonly blames: BlameReport[];
  readonly quarantines: QuarantineEntry[];
}

async function makeRig(options: HostOptions = {}): Promise<Rig> {
  const blames: BlameReport[] = [];
  const quarantines: QuarantineEntry[] = [];
  const fixture = await makeHost({
    cell: "process",
    onBlame: (report) => blames.push(report),
    onQuarantine: (entry) => quarantines.push(entry),
    ...options,
  });
  return { ...fixture, blames, quarantines };
}

/** Asks a worker again and again, until it is told to stop; gives every answer that was not 200. */
function load(worker: Worker, path: string, init: RequestInit = {}): () => Promise<readonly string[]> {
  const odd: string[] = [];
  let asked = 0;
  let going = true;
  const run = async (): Promise<void> => {
    while (going) {
      const response = await worker.fetch(`http://load${path}`, init);
      const text = await response.text();
      asked++;
      if (response.status !== 200)
        odd.push(`${response.status} ${response.headers.get("skerry-outcome")} ${text}`);
    }
  };
  const runs = Promise.all(Array.from({ length: 4 }, run));
  return async () => {
    going = false;
    await runs;
    assert.ok(asked > 4, `${asked} requests`);
    return odd;
  };
}

/** Has a worker end its cell, and waits until it is blamed. */
async function strike(at: Rig, worker: Worker, path = "/bad"): Promise<void> {
  const before = at.blames.length;
  await (await worker.fetch(`http://w${path}?secret=1`)).text();
  await until("it is blamed", () => at.blames.length > before);
}

test("a worker that ends its cell is blamed with evidence, and neighbours' GETs notice nothing", async () => {
  await using at = await makeRig();
  const good = await at.host.deploy(upload("good", SOURCE, { account: "good" }));
  const bad = await at.host.deploy(upload("bad", SOURCE, { account: "bad" }));
  const stops = [load(good, "/"), load(good, "/wait")];
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
  assert.ok(Math.abs(blame!.timeMs - Date.now()) < 60_000);
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

test("a pause survives a restart of the host, and ends in a probation with a cell of its own", async () => {
  using folder = tempFolder();
  const options: HostOptions = {
    dataFolder: folder.path,
    quarantine: { strikes: 1, pausesMs: [3_000, 100_000] },
  };
  {
    await using at = await makeRig(options);
    await strike(at, await at.host.deploy(upload("bad", SOURCE)));
    assert.is(at.quarantines.length, 1);
  }
  await using at = await makeRig(options);
  const bad = at.host.worker("bad")!;
  assert.is((await bad.fetch("http://w/")).headers.get("skerry-outcome"), "quarantined");
  assert.is(at.host.quarantine.list()[0]!.lastStrike.reason, "unstoppable");
  await until("the pause is over", () => at.host.quarantine.list()[0]!.state === "probation");
  assert.is(await (await bad.fetch("http://w/")).text(), "well");
  const alone = (await at.host.stats()).cells.find(({ use }) => use === "alone");
  assert.is(alone?.worker, "bad");
  await strike(at, bad);
  const [entry] = at.host.quarantine.list();
  assert.equal([entry!.state, entry!.pauses], ["quarantined", 2]);
  assert.ok(entry!.untilMs! > Date.now() + 50_000);
});

test("a death with two suspects strikes nobody and separates them, so that the next one names its culprit", async () => {
  await using at = await makeRig({ limits: { cpuMs: 60_000 } });
  const spin = (name: string): Promise<Worker> =>
    at.host.deploy(upload(name, SOURCE.replace('"/wait") await', '"/wait") for (;;); if (0) await')));
  const [one, two] = [await spin("one"), await spin("two")];
  const both = [one.fetch("http://w/wait"), two.fetch("http://w/wait")];
  await new Promise((resolve) => setTimeout(resolve, 500));
  process.kill((await at.host.stats()).cells[0]!.pid!, "SIGSEGV");
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
  await new Promise((resolve) => setTimeout(resolve, 500));
  process.kill(cells.find(({ worker }) => worker === "one")!.pid!, "SIGSEGV");
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
    // Long enough for what is run again to end: it is not run a third time.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const [cell] = (await at.host.stats()).cells;
    process.kill(cell!.pid!, "SIGKILL");
    await until("it is replaced", async () => (await at.host.stats()).cells[0]!.restarts === killed);
  }
  for (const stop of stops) assert.equal(await stop(), []);
  assert.ok(at.events.some(({ retried }) => retried));
  assert.equal(at.blames, []);
  assert.equal(at.faults, []);
});

test.run();

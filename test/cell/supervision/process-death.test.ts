import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { plainLaunch } from "../../../src/cell/sandbox/launch.ts";
import { FAKE_IMAGE } from "../fake-image.ts";
import { esm, Harness, within } from "../harness.ts";

const WAIT_MS = 150_000;
const GOOD = esm(`{fetch(){return new Response("good")}}`);
const LOOP = esm(`{async fetch(){await 0;for(;;);}}`);
const PRLIMIT = "/usr/bin/prlimit";

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const pidOf = (host: Harness): number => (host.cell as unknown as { readonly pid: number }).pid;

async function died(host: Harness): Promise<void> {
  const poll = async (): Promise<void> => {
    while (host.deaths.length === 0) await sleep(5);
  };
  await within(WAIT_MS, poll(), "the death");
}

/** State of a process: `Z` when it is dead and nobody has asked how it ended. */
function stateOf(pid: number): string {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  return text.slice(text.lastIndexOf(")") + 2)[0]!;
}

test("a crash in the first turn of an isolate names it, though others have run", async () => {
  // The image is a stand-in: Skerry's own keeps workers from crashing V8 this way.
  await using host = new Harness({ kind: "process", script: FAKE_IMAGE });
  const good = await host.load(
    `[(out,slice)=>{if(slice[2]===1)out.push(1,slice[0],200,"","",0,null,false,14,slice[0],true)}]`,
  );
  for (let n = 0; n < 50; n++) await host.fetch(good);
  const bad = await host.load(`[()=>{"a".repeat(2e8).split("")}]`, { cpuMs: 20_000, memoryMb: 1_024 });
  void host.fetch(bad);
  await died(host);
  const [death] = host.deaths;
  assert.is(death?.reason, "crashed");
  assert.match(death?.message ?? "", "SIGTRAP");
  assert.equal(
    death?.suspects.map(({ isolate, event }) => [isolate, event]),
    [[bad, 1]],
  );
  assert.is(death?.culprit, bad);
  assert.equal(host.losses.get(bad)?.started, [1]);
  assert.equal(host.losses.get(good)?.started, []);
});

test("a death at any moment accuses the isolate that runs, and none that has answered", async () => {
  for (const signal of ["SIGKILL", "SIGSEGV", "SIGKILL", "SIGABRT"] as const) {
    await using host = new Harness({ kind: "process" });
    const good = await host.load(GOOD);
    const bad = await host.load(LOOP, { cpuMs: 60_000 });
    const attack = host.fetch(bad);
    for (let n = 0; n < 20; n++) await host.fetch(good);
    await sleep(Math.random() * 100);
    process.kill(pidOf(host), signal);
    await within(WAIT_MS, attack, signal);
    const [death] = host.deaths;
    assert.is(death?.culprit, bad, signal);
  }
});

test("a death while nothing runs accuses nobody", async () => {
  await using host = new Harness({ kind: "process" });
  const good = await host.load(GOOD);
  for (let n = 0; n < 20; n++) await host.fetch(good);
  // Its loop has gone on since it sent the last answer: it does not write that nothing runs before it sends that.
  for (let n = 0; n < 3; n++) await host.cell.stats();
  process.kill(pidOf(host), "SIGKILL");
  await died(host);
  assert.equal(host.deaths[0]?.suspects, []);
  assert.is(host.deaths[0]?.culprit, null);
  assert.equal(host.losses.get(good)?.started, []);
});

test("a child that may write no file tells of its entries in frames, before they begin", async () => {
  if (!existsSync(PRLIMIT)) return;
  await using host = new Harness({
    kind: "process",
    sandbox: (nodeArgs) => ({
      ...plainLaunch(nodeArgs),
      command: PRLIMIT,
      args: ["--fsize=0", process.execPath, ...nodeArgs],
    }),
  });
  const good = await host.load(GOOD);
  const bad = await host.load(LOOP, { cpuMs: 60_000 });
  const attack = host.fetch(bad);
  for (let n = 0; n < 20; n++) await host.fetch(good);
  process.kill(pidOf(host), "SIGKILL");
  await within(WAIT_MS, attack, "the death");
  assert.is(host.deaths[0]?.culprit, bad);
  assert.equal(host.losses.get(bad)?.started, [1]);
});

test("a child is killed while the host's own loop stands still", async () => {
  await using host = new Harness({ kind: "process", silenceMs: 300 });
  const good = await host.load(GOOD);
  await host.fetch(good);
  // The watch begins with a thread of its own, which has to start.
  await sleep(500);
  const pid = pidOf(host);
  process.kill(pid, "SIGSTOP");
  // Nothing else happens on this loop, but a pause in which that thread can start on a machine that is slow: a loop that
  // looks after the child itself would not kill it within so few pauses.
  for (let rounds = 0; stateOf(pid) !== "Z"; rounds++) {
    assert.ok(rounds < 10, "it is alive");
    if (rounds > 0) await sleep(500);
    for (const until = performance.now() + 10_000; stateOf(pid) !== "Z" && performance.now() < until;);
  }
  await died(host);
  assert.is(host.deaths[0]?.reason, "killed");
  assert.ok((host.deaths[0]?.rssBytes ?? 0) > 10_000_000);
  assert.match(host.deaths[0]?.message ?? "", /somebody stopped it, and its loop stood still for \d+ ms/);
});

test("twenty deaths under load leave no process, descriptor, timer or wait behind", async () => {
  const descriptors = (): string[] =>
    readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`).replace(/\d+/g, "")];
      } catch {
        return [];
      }
    });
  const children = (): number =>
    readFileSync(`/proc/self/task/${process.pid}/children`, "latin1").split(" ").filter(Boolean).length;
  {
    await using host = new Harness({ kind: "process" });
    // What is made once for all: threads and their descriptors.
    await host.load(GOOD);
    process.kill(pidOf(host), "SIGKILL");
    await died(host);
    await host.load(GOOD);
    await sleep(300);
    const before = descriptors().length;
    const timers = process.getActiveResourcesInfo().length;
    for (let n = 0; n < 20; n++) {
      const isolate = await within(WAIT_MS, host.load(GOOD), "a load");
      const asked = Promise.all(Array.from({ length: 8 }, () => host.fetch(isolate)));
      const waits = [host.cell.stats(), host.cell.makeCodeCache(isolate)];
      process.kill(pidOf(host), "SIGKILL");
      await within(WAIT_MS, Promise.all([asked, ...waits]), "all that was asked");
      while (host.deaths.length <= n + 1) await sleep(5);
    }
    assert.is(host.deaths.length, 21);
    await within(WAIT_MS, host.load(GOOD), "the last load");
    const left = (): string =>
      `${children()} ${before} ${descriptors().join(" ")} ${timers} ${process.getActiveResourcesInfo().join(" ")}`;
    const isClean = (): boolean =>
      children() === 1 && descriptors().length <= before && process.getActiveResourcesInfo().length <= timers;
    for (let looks = 0; !isClean(); looks++) {
      assert.ok(looks < 600, left());
      await sleep(50);
    }
  }
  for (let looks = 0; children() > 0; looks++) {
    assert.ok(looks < 600, `${children()} processes`);
    await sleep(50);
  }
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { IsolateLimits } from "../../src/cell/cell.ts";
import { eventually } from "../eventually.ts";
import { esm, Harness, KINDS, within } from "./harness.ts";
import { untilBusy } from "./until-busy.ts";

const GOOD = esm(`{fetch(){return new Response("good")}}`);
const WAIT_MS = 150_000;

interface Attack {
  readonly name: string;
  readonly code: string;
  readonly cause: "exceededCpu" | "exceededMemory";
  readonly limits?: Partial<IsolateLimits>;
}

/** What isolated-vm can stop: the isolate is lost with its cause, in a cell that lives on. */
const STOPPABLE: readonly Attack[] = [
  { name: "while(true)", code: `while(true);`, cause: "exceededCpu" },
  { name: "a promise loop", code: `await (async()=>{for(;;)await 0})()`, cause: "exceededCpu" },
  { name: "a catastrophic regex", code: `/^(a+)+$/.test("a".repeat(60)+"!")`, cause: "exceededCpu" },
  {
    name: "a loop after the response",
    code: `ctx.waitUntil((async()=>{await 0;for(;;);})())`,
    cause: "exceededCpu",
  },
  {
    name: "a loop in a timer",
    code: `await new Promise(()=>setTimeout(()=>{for(;;);},1))`,
    cause: "exceededCpu",
  },
  { name: "questions without end", code: `for(;;)new URL("http://münchen.de/ü")`, cause: "exceededCpu" },
  {
    name: "a heap bomb",
    code: `const a=[];for(;;)a.push({a:[1,2,3]})`,
    cause: "exceededMemory",
    limits: { memoryMb: 32, cpuMs: 10_000 },
  },
];

for (const kind of KINDS) {
  test(`${kind} cell ends each attack with its cause while a neighbour answers`, async () => {
    await using host = new Harness({ kind });
    const good = await host.load(GOOD);
    let answered = 0;
    for (const { name, code, cause, limits } of STOPPABLE) {
      const bad = await host.load(
        esm(`{async fetch(request,env,ctx){${code};return new Response("done")}}`),
        { cpuMs: 200, ...limits },
      );
      const attack = host.fetch(bad);
      let over = false;
      void attack.then(() => (over = true));
      do {
        assert.is((await within(WAIT_MS, host.fetch(good), `a neighbour of ${name}`)).body, "good");
        answered++;
        await new Promise((resolve) => setTimeout(resolve, 5));
      } while (!over);
      const { loss } = await attack;
      assert.is(loss?.cause, cause, name);
      assert.is(loss?.event, 1, name);
    }
    // A machine that stands still may skip the time of one attack, but not of all.
    assert.ok(answered > STOPPABLE.length, `${answered}`);
    assert.equal(host.catastrophes, []);
    assert.is((await host.fetch(good)).body, "good");
    assert.is(host.losses.has(good), false);
  });

  test(`${kind} cell names the event that ran, those that had started, and no other`, async () => {
    await using host = new Harness({ kind });
    const isolate = await host.load(
      esm(
        `{async fetch(request){if(request.url.endsWith("loop"))while(true);await (await fetch("http://o.test/")).text();await new Promise(r=>setTimeout(r,300000));return new Response()}}`,
      ),
      { cpuMs: 1_000 },
    );
    const waiting = host.fetch(isolate, "http://a.test/wait");
    await eventually(() => host.all.length > 0, "it asks its origin");
    const { pid = process.pid } = host.cell as unknown as { readonly pid?: number };
    const loop = host.fetch(isolate, "http://a.test/loop");
    await within(WAIT_MS, untilBusy(pid), "the loop");
    const late = host.fetch(isolate, "http://a.test/late");
    const [first, second, third] = await within(WAIT_MS, Promise.all([waiting, loop, late]), "the loss");
    assert.is(first?.loss, second?.loss);
    assert.is(second?.loss, third?.loss);
    assert.is(second?.loss?.event, 2);
    assert.equal(second?.loss?.started, [1, 2]);
  });

  test(`${kind} cell sums the CPU of an event over its slices`, async () => {
    await using host = new Harness({ kind });
    const isolate = await host.load(
      esm(
        `{async fetch(){for(let n=0;n<1000;n++){await new Promise(r=>setTimeout(r,1));let x=0;for(let i=0;i<2e6;i++)x+=i%7;}return new Response("too much")}}`,
      ),
      { cpuMs: 100 },
    );
    const { loss, cpuUs } = await within(WAIT_MS, host.fetch(isolate), "an event in many slices");
    assert.is(loss?.cause, "exceededCpu");
    assert.is(loss?.event, 1);
    assert.ok(cpuUs > 10_000, `${cpuUs}`);
  });

  test(`${kind} cell logs what floats, as text against its event`, async () => {
    await using host = new Harness({ kind });
    const isolate = await host.load(
      esm(`{fetch(){Promise.reject(new RangeError("nobody caught me"));return new Response("fine")}}`),
    );
    const answer = await within(WAIT_MS, host.fetch(isolate), "an answer");
    assert.is(answer.body, "fine");
    const again = await within(WAIT_MS, host.fetch(isolate), "an answer");
    assert.is(again.body, "fine");
    const logs = [...answer.logs, ...again.logs].join("\n");
    assert.match(logs, "nobody caught me");
    assert.not.match(logs, /file:|node_modules|<isolated-vm|skerry:runtime/);
  });
}

/** What nothing but the end of a process stops. */
const UNSTOPPABLE = {
  "a rejected Proxy with spinning traps": `Promise.reject(new Proxy({},{get(){for(;;);},getPrototypeOf(){for(;;);}}))`,
  "a thrown Error with spinning name": `class E extends Error{get name(){while(true){}}};(async()=>{await 0;throw new E("x")})()`,
  "a builtin that runs for minutes": `let x=3n;for(let i=0;i<27;i++)x*=x`,
};

for (const [name, code] of Object.entries(UNSTOPPABLE)) {
  test(`process cell is replaced after ${name}`, async () => {
    await using host = new Harness({ kind: "process" });
    const bad = await host.load(esm(`{async fetch(){${code};return new Response("done")}}`), { cpuMs: 50 });
    const good = await host.load(GOOD);
    assert.is((await host.fetch(good)).body, "good");
    const { loss } = await within(WAIT_MS, host.watch(bad, (host.fetch(bad), 1)), name);
    assert.is(loss?.cause, "exceededCpu", name);
    assert.is(loss?.event, 1);
    const until = Date.now() + WAIT_MS;
    while (!host.losses.has(good) && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.is(host.losses.get(good)?.cause, "cellLost");
    assert.equal(
      host.catastrophes.map((report) => report.versionKey),
      [`v${bad}`],
    );
    const [death] = host.deaths;
    assert.is(host.deaths.length, 1);
    assert.is(death?.reason, "unstoppable");
    assert.is(death?.culprit, bad);
    const suspect = death?.suspects.find(({ isolate }) => isolate === bad);
    assert.is(suspect?.versionKey, `v${bad}`);
    assert.is(suspect?.event, 1);
    assert.ok((suspect?.ranMs ?? 0) >= 50, `${suspect?.ranMs}`);
    assert.ok((death?.upMs ?? 0) > 0 && typeof death?.pid === "number");
    const again = await within(WAIT_MS, host.load(GOOD), "a load after the replacement");
    assert.is((await within(WAIT_MS, host.fetch(again), "a request")).body, "good");
  });
}

test("process cell that dies names the only isolate that can have killed it, and keeps the code", async () => {
  await using host = new Harness({ kind: "process" });
  const good = await host.load(GOOD);
  const bad = await host.load(esm(`{async fetch(){await new Promise(r=>setTimeout(r,5));for(;;);}}`), {
    cpuMs: 200_000,
  });
  await host.fetch(good);
  const attack = host.fetch(bad);
  const { pid } = host.cell as unknown as { readonly pid: number };
  await within(WAIT_MS, untilBusy(pid), "the loop");
  process.kill(pid, "SIGSEGV");
  const { loss } = await within(WAIT_MS, attack, "the death");
  assert.equal(host.order.slice(-3), ["died", `lost ${good}`, `lost ${bad}`]);
  const [death] = host.deaths;
  assert.is(death?.reason, "crashed");
  assert.match(death?.message ?? "", "SIGSEGV");
  assert.is(death?.pid, pid);
  assert.is(death?.culprit, bad);
  assert.equal(
    death?.suspects.map(({ isolate, versionKey, event }) => ({ isolate, versionKey, event })),
    [{ isolate: bad, versionKey: `v${bad}`, event: 1 }],
  );
  assert.is(loss?.cause, "cellLost");
  assert.is(loss?.event, 1);
  assert.equal(loss?.started, [1]);
  assert.is(host.losses.get(good)?.event, -1);
  assert.equal(
    host.catastrophes.map((report) => report.isolate),
    [bad],
  );
  const configJson = JSON.stringify({
    main: "main.js",
    env: [],
    liveClock: false,
    wasmCompile: false,
    bodyBytes: 1,
    memoryMb: 128,
  });
  const limits = { memoryMb: 64, cpuMs: 100, startupCpuMs: 1_000 };
  const share = { account: 1, weight: 1 };
  const result = await host.cell.load({
    isolate: 1_000,
    versionKey: `v${good}`,
    limits,
    ...share,
    configJson,
  });
  assert.ok(result.ok);
  assert.is((await host.fetch(1_000)).body, "good");
});

test("process cell that dies while several isolates run accuses none, and lists the latest entry first", async () => {
  await using host = new Harness({ kind: "process" });
  const endless = esm(`{async fetch(){await new Promise(r=>setTimeout(r,5));for(;;);}}`);
  const first = await host.load(endless, { cpuMs: 200_000 });
  const second = await host.load(endless, { cpuMs: 200_000 });
  const { pid } = host.cell as unknown as { readonly pid: number };
  const attacks = [host.fetch(first)];
  await within(WAIT_MS, untilBusy(pid), "the first loop");
  attacks.push(host.fetch(second));
  await within(WAIT_MS, untilBusy(pid, 2), "both loops");
  process.kill(pid, "SIGKILL");
  await within(WAIT_MS, Promise.all(attacks), "the death");
  const [death] = host.deaths;
  assert.is(death?.culprit, null);
  assert.equal(
    death?.suspects.map(({ isolate }) => isolate),
    [second, first],
  );
  assert.equal(host.catastrophes, []);
});

test("process cell whose child's loop stands still is replaced", async () => {
  await using host = new Harness({ kind: "process", silenceMs: 1_000 });
  const good = await host.load(GOOD);
  const { pid } = host.cell as unknown as { readonly pid: number };
  process.kill(pid, "SIGSTOP");
  const { loss } = await within(WAIT_MS, host.fetch(good), "the loss");
  assert.is(loss?.cause, "cellLost");
  // A host that sees the state of processes knows that somebody stopped it.
  assert.match(host.deaths[0]?.reason ?? "", /^(silent|killed)$/);
  const again = await within(WAIT_MS, host.load(GOOD), "a load");
  assert.is((await host.fetch(again)).body, "good");
});

test.run();

import { availableParallelism } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Worker } from "../../src/index.ts";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

const BURN = `export default { async fetch(request) {
  const ms = Number(new URL(request.url).searchParams.get("ms"));
  let x = 0;
  for (let i = 0; i < ms * 300_000; i++) x = (x * 31 + i) | 0;
  return new Response(String(x));
} };`;
const HELLO = `export default { fetch: () => new Response("hi") };`;

for (const cell of CELLS) {
  test(`an account that uses most of the machine beside another is held to a pace, and alone it is not (${cell})`, async () => {
    // All but a tenth of a core is kept free, and whatever the light one uses is within its share.
    const reserve = Math.min(0.99, 1 - 0.1 / availableParallelism());
    await using at = await makeHost({ cell, admission: { reserve }, accounts: { light: { weight: 1_000 } } });
    const heavy = await at.host.deploy(upload("burn", BURN, { account: "heavy", limits: { cpuMs: 10_000 } }));
    const light = await at.host.deploy(upload("hello", HELLO, { account: "light" }));
    const paceOf = async (account: string): Promise<number | null> =>
      (await at.host.stats()).accounts.find((one) => one.account === account)?.paceMs ?? null;
    let isOver = false;
    const burns = async (): Promise<void> => {
      while (!isOver) assert.is((await heavy.fetch("http://burn/?ms=5")).status, 200);
    };
    const noise = [burns(), burns(), burns()];
    await until("it is held", async () => {
      assert.is((await light.fetch("http://hello/")).status, 200);
      return (await paceOf("heavy")) !== null;
    });
    assert.is(await paceOf("light"), null);
    // Held, it goes on: nothing of it is refused.
    const answered = at.events.length;
    await until(
      "it goes on",
      () => at.events.slice(answered).filter(({ account }) => account === "heavy").length > 5,
    );
    await until("it is alone", async () => (await paceOf("heavy")) === null);
    isOver = true;
    await Promise.all(noise);
    assert.ok(at.events.every(({ outcome }) => outcome === "ok"));
  });

  test(`an account that has used its CPU of the minute is refused, others are not (${cell})`, async () => {
    await using at = await makeHost({ cell, accounts: { greedy: { cpuMsPerMinute: 400 } } });
    const limits = { cpuMs: 10_000 };
    const greedy = await at.host.deploy(upload("burn", BURN, { account: "greedy", limits }));
    const other = await at.host.deploy(upload("burn", BURN, { account: "other", limits }));
    let refused = await greedy.fetch("http://burn/?ms=1");
    assert.is(refused.status, 200);
    // By and by: a machine may take much longer than another for the same work, and what is used comes back with time.
    await until("its CPU is used", async () => {
      refused = await greedy.fetch("http://burn/?ms=50");
      return refused.status !== 200;
    });
    assert.is(refused.status, 429);
    assert.is(refused.headers.get("skerry-outcome"), "exceededAccountCpu");
    assert.ok(Number(refused.headers.get("retry-after")) >= 1);
    assert.is((await other.fetch("http://burn/?ms=1")).status, 200);
    await until("all is recorded", () => at.events.some(({ account }) => account === "other"));
    assert.is(at.events.findLast(({ account }) => account === "greedy")?.outcome, "exceededAccountCpu");
  });

  test(`an event that goes on beyond twice its account's CPU is ended (${cell})`, async () => {
    await using at = await makeHost({ cell, admission: { accountCpuMsPerMinute: 100 } });
    const source = `export default { async fetch() {
      for (;;) {
        for (let i = 0, x = 0; i < 3_000_000; i++) x = (x * 31 + i) | 0;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } };`;
    const worker = await at.host.deploy(upload("drip", source, { limits: { cpuMs: 100_000 } }));
    const answer = await worker.fetch("http://drip/");
    assert.is(answer.status, 429);
    assert.is(answer.headers.get("skerry-outcome"), "exceededAccountCpu");
    assert.ok(at.logs.some(({ text }) => text.includes("twice the CPU")));
  });

  test(`what waits when an account overloads the host is refused, and has not run (${cell})`, async () => {
    await using at = await makeHost({ cell, limits: { isolateConcurrency: 200 } });
    const source = BURN.replace("let x = 0", `console.log("ran"); let x = 0`);
    const worker = await at.host.deploy(
      upload("flood", source, { limits: { cpuMs: 10_000, wallMs: 600_000 } }),
    );
    await worker.fetch("http://flood/?ms=1");
    const answers = await Promise.all(Array.from({ length: 250 }, () => worker.fetch("http://flood/?ms=40")));
    const refused = answers.filter(({ status }) => status === 503);
    for (const { headers } of refused) {
      assert.is(headers.get("skerry-outcome"), "overloaded");
      assert.ok(Number(headers.get("retry-after")) >= 1);
    }
    assert.ok(refused.length > 0, "they wait for seconds, and use a good part of a core");
    const ran = answers.length - refused.length;
    await until("all is recorded", () => at.events.length === answers.length + 1);
    assert.is(answers.filter(({ status }) => status === 200).length, ran);
    const runs = (): number => at.logs.filter(({ text }) => text === "ran").length;
    await until("all lines are written", () => runs() > ran);
    assert.is(runs(), ran + 1);
    assert.is((await worker.fetch("http://flood/?ms=1")).status, 200);
  });

  test(`the host refuses events beyond its places (${cell})`, async () => {
    await using at = await makeHost({ cell, admission: { hostConcurrency: 2 } });
    const source = `export default { async fetch() {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return new Response("late");
    } };`;
    const worker = await at.host.deploy(upload("slow", source));
    await worker.fetch("http://slow/");
    const answers = await Promise.all([1, 2, 3].map(() => worker.fetch("http://slow/")));
    assert.equal(
      answers.map(({ status }) => status),
      [200, 200, 503],
    );
  });

  test(`a version whose top level fails is not started at every request (${cell})`, async () => {
    await using at = await makeHost({ cell, warm: { maxIsolates: 1 } });
    let breaksMs = 0;
    let worker: Worker | undefined;
    for (let leftMs = 2_000; worker === undefined; leftMs *= 3) {
      breaksMs = Date.now() + leftMs;
      const source = `if (Date.now() > ${breaksMs}) throw new Error("too late"); ${HELLO}`;
      worker = await at.host.deploy(upload("flaky", source)).catch((error: Error) => {
        // On a machine that is slow: with more time, once more.
        if (!error.message.includes("too late") || leftMs > 60_000) throw error;
        return undefined;
      });
    }
    // It takes the only place.
    await at.host.deploy(upload("other", HELLO));
    await until("it cannot start any more", () => Date.now() > breaksMs);
    for (let i = 0; i < 8; i++) assert.is((await worker.fetch("http://flaky/")).status, 500);
    const { failedStarts } = (await at.host.stats()).warm;
    assert.ok(failedStarts > 0 && failedStarts < 8, `${failedStarts} starts`);
  });
}

test("close", closeHosts);
test.run();

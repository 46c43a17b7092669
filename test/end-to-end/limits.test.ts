import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

const HELLO = `export default { fetch() { return new Response("well"); } };`;

const LOW = { cpuMs: 50 };

/** Each breaks one limit; the neighbour is asked all the while. */
const BREAKERS = [
  { name: "loop", outcome: "exceededCpu", status: 503, limits: LOW, body: "while (true) {}" },
  { name: "promises", outcome: "exceededCpu", status: 503, limits: LOW, body: "for (;;) await 0;" },
  {
    name: "regex",
    outcome: "exceededCpu",
    status: 503,
    limits: LOW,
    body: `/^(a+)+$/.test("a".repeat(40) + "b");`,
  },
  {
    name: "heap",
    outcome: "exceededMemory",
    status: 503,
    limits: { cpuMs: 20_000, memoryMb: 32 },
    body: "const all = []; for (;;) all.push({ a: [1, 2, 3] });",
  },
] as const;

for (const cell of CELLS) {
  for (const { name, outcome, status, body, ...more } of BREAKERS) {
    test(`${name} ends with ${outcome} while the neighbour answers (${cell})`, async () => {
      await using at = await makeHost({ cell });
      const good = await at.host.deploy(upload("good", HELLO));
      const bad = await at.host.deploy(
        upload(
          "bad",
          `export default { async fetch(request) {
        if (request.url.endsWith("/ok")) return new Response("fine");
        ${body}
        return new Response("never");
      } };`,
          more,
        ),
      );
      const ended = bad.fetch("http://bad/");
      let over = false;
      void ended.then(() => (over = true));
      let asked = 0;
      while (!over) {
        assert.is(await (await good.fetch("http://good/")).text(), "well");
        asked++;
      }
      assert.ok(asked > 0);
      const answer = await ended;
      assert.is(answer.status, status);
      assert.match(await answer.text(), "1102");
      await until("it is recorded", () => at.events.some(({ worker }) => worker === "bad"));
      const record = at.events.find(({ worker }) => worker === "bad")!;
      assert.is(record.outcome, outcome);
      if (outcome === "exceededCpu") assert.ok(record.cpuMs >= 45, `cpuMs is ${record.cpuMs}`);
      assert.ok(at.logs.some(({ worker, level }) => worker === "bad" && level === "error"));
      await until("it serves", async () => (await (await bad.fetch("http://bad/ok")).text()) === "fine");
    });
  }

  test(`CPU is summed over the slices of an event (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "sums",
        `export default { async fetch() {
      for (let i = 0; i < 1000; i++) {
        for (let x = 0; x < 3e6; x++);
        await new Promise((done) => setTimeout(done, 1));
      }
      return new Response("never");
    } };`,
        { limits: LOW },
      ),
    );
    assert.is((await worker.fetch("http://sums/")).status, 503);
    await until("it is recorded", () => at.events.length === 1);
    assert.is(at.events[0]!.outcome, "exceededCpu");
    assert.ok(at.events[0]!.cpuMs >= 45, `cpuMs is ${at.events[0]!.cpuMs}`);
  });

  test(`an event without progress ends with exceededWallTime (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "waits",
        `export default { async fetch() {
      await new Promise((done) => setTimeout(done, 60_000));
    } };`,
        { limits: { wallMs: 300 } },
      ),
    );
    assert.is((await worker.fetch("http://waits/")).status, 504);
    await until("it is recorded", () => at.events.length === 1);
    assert.is(at.events[0]!.outcome, "exceededWallTime");
  });

  test(`a worker that can never answer is ended at once (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload("hung", `export default { fetch() { return new Promise(() => {}); } };`),
    );
    assert.is((await worker.fetch("http://hung/")).status, 500);
    await until("it is recorded", () => at.events.length === 1);
    assert.is(at.events[0]!.outcome, "exception");
    assert.match(at.events[0]!.exception!.message, "hung");
  });

  test(`calls beyond the subrequest limit reject (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "many",
        `export default { async fetch(request, env) {
      let done = 0;
      try { for (;;) { await env.KV.get("k"); done++; } } catch (error) { return new Response(done + " " + error.message); }
    } };`,
        { kvNamespaces: [{ binding: "KV", id: "k" }], limits: { subrequests: 7 } },
      ),
    );
    assert.match(await (await worker.fetch("http://many/")).text(), /^7 Too many subrequests/);
  });

  test(`log lines beyond the limit are dropped, and it is said (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "talks",
        `export default { fetch() {
      for (let i = 0; i < 100; i++) console.log("line " + i);
      return new Response("ok");
    } };`,
        { limits: { logLines: 10 } },
      ),
    );
    assert.is((await worker.fetch("http://talks/")).status, 200);
    await until("all is there", () => at.events.length === 1);
    assert.is(at.logs.length, 11);
    assert.match(at.logs[10]!.text, "dropped");
  });

  test(`events beyond the account's concurrency are refused with 503 (${cell})`, async () => {
    await using at = await makeHost({ cell, accounts: { small: { limits: { accountConcurrency: 2 } } } });
    const worker = await at.host.deploy(
      upload(
        "busy",
        `export default { async fetch() {
      await new Promise((done) => setTimeout(done, 2_000)); return new Response("ok");
    } };`,
        { account: "small" },
      ),
    );
    const answers = await Promise.all(Array.from({ length: 5 }, () => worker.fetch("http://busy/")));
    assert.equal(answers.map(({ status }) => status).sort(), [200, 200, 503, 503, 503]);
    assert.is(answers.find(({ status }) => status === 503)!.headers.get("retry-after"), "1");
    for (const answer of answers) await answer.text();
  });
}

test("limits that are out of range are refused with key, value and range", async () => {
  await using at = await makeHost({ maxLimits: { cpuMs: 100 } });
  const tooMuch = at.host.deploy(upload("greedy", HELLO, { limits: { cpuMs: 500, memoryMb: 0 } }));
  const error = await tooMuch.then(
    () => null,
    (reason: Error & { code: string }) => reason,
  );
  assert.is(error?.code, "INVALID_LIMITS");
  assert.match(error!.message, "limits.cpuMs is 500; it must be a whole number from 1 to 100");
  assert.match(error!.message, "limits.memoryMb is 0");
});

test("the hosts of these tests close", closeHosts);

test.run();

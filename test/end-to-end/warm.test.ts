import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

/** Answers with how often this isolate was asked, so that a fresh isolate shows. */
const COUNTER = `let count = 0; export default { fetch() { return new Response(String(++count)); } };`;

for (const cell of CELLS) {
  test(`a warm isolate keeps its global state, an evicted one starts anew (${cell})`, async () => {
    await using at = await makeHost({ cell, warm: { maxIsolates: 1 } });
    const one = await at.host.deploy(upload("one", COUNTER));
    const two = await at.host.deploy(upload("two", COUNTER));
    const ask = async (worker: typeof one): Promise<string> => await (await worker.fetch("http://x/")).text();
    assert.is(await ask(one), "1");
    assert.is(await ask(one), "2");
    assert.is(await ask(two), "1");
    assert.is(await ask(one), "1");
    const { warm } = await at.host.stats();
    assert.is(warm.isolates, 1);
    assert.ok(warm.evicted >= 2);
    assert.ok(warm.hits >= 1);
  });

  test(`a hundred concurrent first requests share one start (${cell})`, async () => {
    await using at = await makeHost({ cell, warm: { maxPerVersion: 1 } });
    const worker = await at.host.deploy(upload("many", COUNTER, { limits: { isolateConcurrency: 1000 } }));
    const again = await at.host.deploy(upload("other", COUNTER));
    await (await again.fetch("http://x/")).text();
    const before = (await at.host.stats()).warm.starts;
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => Number(await (await worker.fetch("http://x/")).text())),
    );
    assert.equal(
      answers.sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    assert.ok((await at.host.stats()).warm.starts - before <= 1);
  });

  test(`an isolate whose places are taken gets a companion (${cell})`, async () => {
    await using at = await makeHost({ cell, warm: { maxPerVersion: 3 } });
    const worker = await at.host.deploy(
      upload(
        "wide",
        `export default { async fetch() {
      await new Promise((done) => setTimeout(done, 600)); return new Response("ok");
    } };`,
        { limits: { isolateConcurrency: 1 } },
      ),
    );
    const answers = await Promise.all(Array.from({ length: 6 }, () => worker.fetch("http://x/")));
    for (const answer of answers) assert.is(await answer.text(), "ok");
    await until("three serve it", async () => (await at.host.stats()).workers[0]!.isolates === 3);
  });

  test(`an isolate that computes without pause gets a companion while a core is free (${cell})`, async () => {
    await using at = await makeHost({ cell, warm: { maxPerVersion: 2, cores: 2 } });
    const worker = await at.host.deploy(
      upload(
        "computes",
        `export default { fetch() {
        let x = 0; for (let i = 0; i < 6e6; i++) x += i % 7; return new Response(String(x));
      } };`,
        { limits: { cpuMs: 5_000 } },
      ),
    );
    const ask = async (): Promise<void> => {
      for (let i = 0; i < 6; i++) assert.is((await worker.fetch("http://x/")).status, 200);
    };
    // Whether it computes without pause is seen by how long requests wait: not at every attempt, where the machine is busy.
    await until("two serve it", async () => {
      await Promise.all(Array.from({ length: 8 }, ask));
      return (await at.host.stats()).workers[0]!.isolates === 2;
    });
  });

  test(`an idle isolate goes, the next request starts one (${cell})`, async () => {
    await using at = await makeHost({ cell, warm: { idleMs: 100 } });
    const worker = await at.host.deploy(upload("rests", COUNTER));
    assert.is(await (await worker.fetch("http://x/")).text(), "1");
    await until("it is gone", async () => (await at.host.stats()).warm.isolates === 0);
    assert.is(await (await worker.fetch("http://x/")).text(), "1");
  });

  test(`an isolate with waitUntil work is not evicted (${cell})`, async () => {
    await using at = await makeHost({ cell, warm: { maxIsolates: 1 } });
    const pinned = await at.host.deploy(
      upload(
        "pinned",
        `export default { fetch(request, env, ctx) {
      ctx.waitUntil(new Promise((done) => setTimeout(done, 200)).then(() => console.log("finished")));
      return new Response("ok");
    } };`,
      ),
    );
    const other = await at.host.deploy(upload("other", COUNTER));
    await (await pinned.fetch("http://x/")).text();
    assert.is(await (await other.fetch("http://x/")).text(), "1");
    assert.ok(
      at.logs.some(({ text }) => text === "finished"),
      "the work was cut off by the eviction",
    );
  });

  test(`a leaking isolate is replaced between events before it meets its limit (${cell})`, async () => {
    await using at = await makeHost({ cell, warm: { recycleAt: 0.5 } });
    const worker = await at.host.deploy(
      upload(
        "leaks",
        `const all = []; export default { fetch() {
      all.push(new Float64Array(50_000).fill(0.5)); return new Response(String(all.length));
    } };`,
        { limits: { memoryMb: 64, cpuMs: 1_000 } },
      ),
    );
    await until("it was replaced", async () => {
      const answer = await worker.fetch("http://x/");
      assert.is(answer.status, 200);
      await answer.text();
      return (await at.host.stats()).warm.recycled > 0;
    });
    assert.ok(at.events.every(({ outcome }) => outcome === "ok"));
  });

  test(`a deploy replaces the version without a failed request (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const version = (n: number): string => `export default { fetch() { return new Response("v${n}"); } };`;
    const worker = await at.host.deploy(upload("moves", version(0)));
    let stop = false;
    const seen = new Set<string>();
    const load = (async () => {
      while (!stop) {
        const answer = await worker.fetch("http://x/");
        assert.is(answer.status, 200);
        seen.add(await answer.text());
      }
    })();
    for (let n = 1; n <= 5; n++) await at.host.deploy(upload("moves", version(n)));
    stop = true;
    await load;
    assert.is(await (await worker.fetch("http://x/")).text(), "v5");
    assert.ok(seen.has("v0"));
  });
}

test("the hosts of these tests close", closeHosts);

test.run();

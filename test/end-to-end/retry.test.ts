import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

/** Waits so many ms, and counts its own runs; `/spin` costs its isolate. */
const SOURCE = `export default { async fetch(request, env) {
  const url = new URL(request.url);
  if (url.pathname === "/spin") for (;;);
  if (url.searchParams.has("read")) await request.text();
  if (url.searchParams.has("put")) await env.KV.put("runs", String(Number(await env.KV.get("runs")) + 1));
  if (url.searchParams.has("get")) await env.KV.get("runs");
  if (url.pathname === "/wait") { console.log("waits"); await new Promise((done) => setTimeout(done, Number(url.searchParams.get("ms") ?? 300_000))); }
  return new Response(url.pathname === "/runs" ? await env.KV.get("runs") : request.method + " " + await request.text());
} };`;

const LIMITS = { cpuMs: 200, wallMs: 600_000 };

interface Case {
  readonly name: string;
  readonly query?: string;
  readonly init?: RequestInit;
  readonly again: boolean;
}

const CASES: readonly Case[] = [
  { name: "GET is run once more", query: "?ms=1500", again: true },
  { name: "GET that has read from KV is run once more", query: "?get&ms=1500", again: true },
  { name: "GET that has put into KV is not", query: "?put", again: false },
  { name: "POST is not", init: { method: "POST", body: "x" }, again: false },
  { name: "DELETE is not", init: { method: "DELETE" }, again: false },
];

for (const cell of CELLS) {
  for (const { name, query = "", init, again } of CASES) {
    test(`a ${name}, when another request costs its isolate (${cell})`, async () => {
      await using at = await makeHost({ cell });
      const kvNamespaces = [{ binding: "KV", id: "n" }];
      const worker = await at.host.deploy(upload("w", SOURCE, { kvNamespaces, limits: LIMITS }));
      const attempt = async (): Promise<Response | undefined> => {
        at.events.length = at.logs.length = 0;
        let isOver = false;
        const waiting = worker.fetch(`http://w/wait${query}`, init);
        void waiting.then(() => (isOver = true));
        await until("it has begun", () => at.logs.some(({ text }) => text === "waits"));
        const spun = await worker.fetch("http://w/spin");
        assert.is(spun.headers.get("skerry-outcome"), "exceededCpu");
        await spun.text();
        await until("that is recorded", () => at.events.some(({ url }) => url?.endsWith("/spin")));
        // Where the machine stood still, it may have been over before the other began.
        if (!again || !isOver) return await waiting;
        await (await waiting).text();
        await until("both are recorded", () => at.events.length === 2);
        return undefined;
      };
      let answered = await attempt();
      for (let i = 0; i < 5 && answered === undefined; i++) answered = await attempt();
      const answer = answered!;
      await until("both are recorded", () => at.events.length === 2);
      const record = at.events.find(({ url }) => url?.includes("/wait"))!;
      if (again) {
        assert.is(await answer.text(), "GET ");
        assert.is(record.outcome, "ok");
      } else {
        assert.is(answer.status, 503);
        assert.is(answer.headers.get("skerry-outcome"), "isolateLost");
        assert.is(answer.headers.get("retry-after"), "1");
        assert.is(record.outcome, "isolateLost");
      }
      assert.is(record.retried, again);
      assert.is(at.events.find(({ url }) => url?.endsWith("/spin"))!.retried, false);
      if (query === "?put") assert.is(await (await worker.fetch("http://w/runs")).text(), "1");
      assert.equal(at.faults, []);
    });
  }

  test(`a POST that never ran begins in another isolate, with its body as the client sends it (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(upload("w", SOURCE, { limits: { ...LIMITS, cpuMs: 500 } }));
    await (await worker.fetch("http://w/")).text();
    const spinning = worker.fetch("http://w/spin");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const body = new Blob(["streamed"]).stream();
    const answer = await worker.fetch("http://w/", { method: "POST", body, duplex: "half" } as RequestInit);
    assert.is(await answer.text(), "POST streamed");
    assert.is((await spinning).status, 503);
    await until("all are recorded", () => at.events.length === 3);
    assert.is(at.events.find(({ method }) => method === "POST")!.retried, false);
  });

  test(`a request is run once more, and no further time (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(upload("w", SOURCE, { limits: LIMITS }));
    const waiting = worker.fetch("http://w/wait");
    for (const begun of [1, 2]) {
      await until("it runs", () => at.logs.filter(({ text }) => text === "waits").length === begun);
      await (await worker.fetch("http://w/spin")).text();
    }
    assert.is((await waiting).headers.get("skerry-outcome"), "isolateLost");
    await until("all are recorded", () => at.events.length === 3);
    const record = at.events.find(({ url }) => url?.endsWith("/wait"))!;
    assert.is(record.retried, true);
    assert.is(record.outcome, "isolateLost");
    assert.is((await at.host.stats()).workers[0]!.requests, 3);
  });
}

test("the hosts of these tests close", closeHosts);

test.run();

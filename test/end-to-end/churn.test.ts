import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Host, WorkerUpload } from "../../src/index.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { makeHost, until, upload } from "./fixture.ts";
import { Ledgers } from "./ledgers.ts";

// Runs in the kind of cell that process.env["SKERRY_TEST_CELL"] names.
const cell = process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process";

const SOURCE = `
const big = "z".repeat(200_000), many = Array.from({ length: 100 }, (_, i) => "k" + i);
const never = new Promise(() => {});
function slow(pieces, fails) {
  return new ReadableStream({ async pull(controller) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    controller.enqueue(new Uint8Array(20_000));
    if (--pieces > 0) return;
    if (fails) controller.error(new Error("fails")); else controller.close();
  } });
}
const kept = () => ({ headers: { "cache-control": "max-age=60" } });
const WAYS = {
  put: async (request, { KV }) => void await KV.put("s", request.body ?? slow(8)),
  putFails: async (request, { KV }) => void await KV.put("s", slow(3, true)),
  list: async (request, { KV }) => Response.json((await KV.list()).keys.length),
  listLeft: async (request, { KV }, ctx) => { KV.list(); ctx.waitUntil(KV.list()); },
  many: async (request, { KV }) => Response.json((await KV.get(many)).size),
  manyLeft: async (request, { KV }) => void KV.get(many),
  get: async (request, { KV }) => new Response(await KV.get("big", "stream")),
  getLeft: async (request, { KV }) => void await (await KV.get("big", "stream")).getReader().read(),
  cache: async () => void await caches.default.put("http://c/1", new Response(slow(6), kept())),
  cacheFails: async () => void await caches.default.put("http://c/1", new Response(slow(3, true), kept())),
  match: async () => await caches.default.match("http://c/1"),
  matchLeft: async () => void caches.default.match("http://c/1"),
  fetch: async (request, { ORIGIN }) => await fetch(ORIGIN + "/slow"),
  fetchCut: async (request, { ORIGIN }) => await fetch(ORIGIN + "/cut"),
  fetchHangs: async (request, { ORIGIN }) => await fetch(ORIGIN + "/hang"),
  fetchLeft: async (request, { ORIGIN }) => { await fetch(ORIGIN + "/slow"); fetch(ORIGIN + "/hang"); },
  post: async (request, { ORIGIN }) => await fetch(ORIGIN, { method: "POST", body: slow(4, true) }),
  gzip: async () => new Response(slow(6), { headers: { "content-encoding": "gzip" } }),
  compress: async () => new Response(slow(5, true).pipeThrough(new CompressionStream("gzip"))),
  compressLeft: async () => void new CompressionStream("gzip").writable.getWriter().write(new Uint8Array(100_000)),
  keys: async () => {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
    crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, new Uint8Array(500_000));
  },
  digestLeft: async () => void new crypto.DigestStream("SHA-256").getWriter().write(new Uint8Array(50_000)),
  loops: async () => { for (;;); },
  throws: async () => { throw new Error("thrown"); },
  stream: async () => new Response(slow(6, true)),
  tee: async (request, env, ctx) => {
    const [one, two] = (request.body ?? slow(6)).tee();
    ctx.waitUntil(new Response(two).text());
    return new Response(one);
  },
  echo: async (request) => new Response(request.body),
  hangs: async () => { setTimeout(() => {}, 1e9); await never; },
  waits: async (request, env, ctx) => void ctx.waitUntil(never.then(() => {}, setTimeout(() => {}, 1e9))),
  service: async (request, { OTHER }) => await OTHER.fetch("http://other/stream"),
  serviceLeft: async (request, { OTHER }) => void await OTHER.fetch("http://other/stream"),
};
export default {
  async fetch(request, env, ctx) {
    const way = new URL(request.url).pathname.slice(1);
    if (way === "fill") { await env.KV.put("big", big); return Response.json(Object.keys(WAYS)); }
    return (await WAYS[way](request, env, ctx)) ?? new Response("done");
  },
};`;

/** Sends bodies slowly, in part, or never. */
const origin = createServer((message, response) => {
  message.resume().on("error", () => {});
  const { url = "" } = message;
  if (url === "/hang") return;
  response.writeHead(200, { "content-length": "40000" }).write(Buffer.alloc(20_000));
  setTimeout(() => (url === "/cut" ? response.destroy() : response.end(Buffer.alloc(20_000))), 10);
});

const LEAVES = ["at once", "with the head", "never"] as const;

/** A client that leaves at some time, or takes all. */
async function request(
  port: number,
  way: string,
  method: string,
  leaves: (typeof LEAVES)[number],
): Promise<void> {
  await new Promise<void>((resolve) => {
    const sent = ask({
      port,
      path: `/${way}`,
      method,
      agent: false,
      headers: { host: "churn.test", "accept-encoding": "gzip" },
    });
    sent.on("error", () => {}).on("close", () => resolve());
    sent.on("response", (response) => {
      response.on("error", () => {});
      if (leaves === "with the head") sent.destroy();
      else response.resume();
    });
    if (method === "POST") sent.write(Buffer.alloc(100_000));
    if (leaves === "at once") setTimeout(() => sent.destroy(), 10);
    else sent.end();
  });
}

async function killCells(host: Host): Promise<void> {
  for (const { pid } of (await host.stats()).cells) {
    try {
      if (pid !== null) process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

test(`whatever ends events, isolates and cells, nothing of them is left in any ledger (${cell})`, async () => {
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  using folder = tempFolder();
  const at = await makeHost({
    cell,
    dataFolder: folder.path,
    // Whoever is stopped early is stopped as well as anybody.
    limits: { cpuMs: 200, waitUntilMs: 500, memoryMb: 64 },
    egress: { allowAddresses: ["127.0.0.1"] },
    quarantine: { strikes: 1_000 },
  });
  const { host, faults } = at;
  const ORIGIN = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const other = upload("other", SOURCE);
  const churn: WorkerUpload = upload("churn", SOURCE, {
    vars: { ORIGIN },
    kvNamespaces: [{ binding: "KV", id: "churn" }],
    services: [{ binding: "OTHER", service: "other" }],
    routes: ["churn.test/*"],
  });
  try {
    await host.deploy(other);
    const worker = await host.deploy(churn);
    const { port } = await host.listen({ port: 0 });
    let ways: string[] = [];
    await until("the worker has filled its store", async () => {
      const answer = await worker.fetch("http://churn.test/fill");
      if (answer.ok) ways = (await answer.json()) as string[];
      return answer.ok;
    });
    const disturb = [
      async () => void (await host.deploy(other)),
      async () => void (await host.deploy(churn)),
      async () => {
        await host.delete("churn");
        await host.deploy(churn);
      },
    ];
    for (const [round, leaves] of LEAVES.entries()) {
      // What never answers ends with its client, or after a minute.
      const tried = ways.filter((way) => leaves === "at once" || !way.endsWith("angs"));
      const work = tried.map((way, index) =>
        request(port, way, (index + round) % 3 === 0 ? "POST" : "GET", leaves),
      );
      for (const job of round === 2 ? disturb : disturb.slice(round, round + 1)) await job();
      if (cell === "process") await killCells(host);
      await Promise.all(work);
    }
    await until("no event is under way", async () => (await host.stats()).inFlight === 0);
    await host.delete("churn");
    await host.delete("other");
    using ledgers = new Ledgers();
    let left = await ledgers.open();
    // By looks, not by time; each takes a while of its own.
    for (let looks = 0; looks < 60 && left.length > 0; looks++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      left = await ledgers.open();
    }
    assert.equal(left, []);
    assert.equal(faults, []);
  } finally {
    await host.close(0);
    origin.closeAllConnections();
    origin.close();
  }
});

test.run();

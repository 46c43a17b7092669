import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TailConsumers } from "../../../src/events/tail/tail-consumers.ts";
import { createHost, type EventRecord, type Host, type WorkerUpload } from "../../../src/index.ts";
import { TailFeed } from "../../../src/meter/tail-feed.ts";
import { WIDE_LIMITS } from "../../limits/wide-limits.ts";

const CELL = (process.env["SKERRY_TEST_CELL"] ?? "in-process") as "in-process" | "process";

function upload(name: string, content: string, more: Partial<WorkerUpload> = {}): WorkerUpload {
  return { name, main: "i.js", modules: [{ name: "i.js", type: "esm", content }], ...more };
}

const SHOP = `export default {
  async fetch(request) {
    console.log("hello", { a: 1 }); console.error("bad");
    if (new URL(request.url).pathname === "/throw") throw new TypeError("broken");
    return new Response("ok", { status: 201 });
  },
  scheduled() {},
}`;
/** Keeps what it is told of, and shows it. */
const LOG = `const told = [];
export default {
  fetch: () => Response.json(told),
  tail(events, env, ctx) { told.push(...events); ctx.waitUntil(Promise.resolve()); },
}`;

// oxlint-disable-next-line typescript/no-explicit-any -- each test looks at other fields
type Items = any[];

/** What the worker "log" was told of, once there are so many. */
async function told(host: Host, count: number): Promise<Items> {
  for (let i = 0; ; i++) {
    const items = (await (await host.worker("log")!.fetch("http://log/")).json()) as Items;
    if (items.length >= count || i > 6_000) return items;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a tail consumer is told of requests, logs, errors and triggers, in an event of its own", async () => {
  const events: EventRecord[] = [];
  await using host = await createHost({
    limits: WIDE_LIMITS,
    cell: CELL,
    onEvent: (event) => void events.push(event),
  });
  await host.deploy(upload("log", LOG));
  const shop = await host.deploy(upload("shop", SHOP, { tailConsumers: ["log"] }));
  await shop.fetch("http://shop/a?b=c", { method: "POST", headers: { "x-a": "b", cookie: "secret" } });
  await shop.fetch("http://shop/throw");
  await shop.scheduled({ cron: "* * * * *", scheduledTime: 5 });
  const items = await told(host, 3);
  const by = (test: (item: Items[number]) => boolean): Items[number] => items.find(test);
  const first = by((item) => item.event.response?.status === 201);
  assert.equal(
    [first.scriptName, first.outcome, first.event.request.method, first.event.request.url],
    ["shop", "ok", "POST", "http://shop/a?b=c"],
  );
  assert.equal([first.event.request.headers["x-a"], first.event.request.headers.cookie], ["b", "REDACTED"]);
  assert.equal(
    first.logs.map(({ level, message }: { level: string; message: unknown }) => [level, message]),
    [
      ["log", ["hello { a: 1 }"]],
      ["error", ["bad"]],
    ],
  );
  assert.equal([first.scriptVersion.id, first.truncated], [shop.versionId, false]);
  const thrown = by((item) => item.outcome === "exception");
  assert.equal([thrown.exceptions[0].name, thrown.exceptions[0].message], ["TypeError", "broken"]);
  assert.equal(by((item) => item.event.cron !== undefined).event, { cron: "* * * * *", scheduledTime: 5 });
  const own = events.find(({ kind }) => kind === "tail")!;
  assert.equal([own.worker, own.outcome, own.status], ["log", "ok", null]);
});

test("a worker that is told of itself or of one that is told of it does not go on for ever", async () => {
  const events: EventRecord[] = [];
  await using host = await createHost({
    limits: WIDE_LIMITS,
    cell: CELL,
    onEvent: (event) => void events.push(event),
  });
  const self = `${LOG.replace("told.push", "await env.SELF?.fetch('http://log/again'); told.push").replace("tail(", "async tail(")}`;
  await host.deploy(upload("log", LOG));
  await host.deploy(upload("shop", SHOP, { tailConsumers: ["log"] }));
  const services = [{ binding: "SELF", service: "log" }];
  await host.deploy(upload("log", self, { tailConsumers: ["log", "shop"], services }));
  await host.worker("shop")!.fetch("http://shop/");
  await told(host, 3);
  const tails = (): number => events.filter(({ kind }) => kind === "tail").length;
  for (let before = -1; before !== tails();) {
    before = tails();
    assert.ok(before < 60, `${before} tail events`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
});

test("tail listeners of scripts, classes and the older name are told as well; what they throw is theirs", async () => {
  const events: EventRecord[] = [];
  const logs: string[] = [];
  await using host = await createHost({
    limits: WIDE_LIMITS,
    cell: CELL,
    onEvent: (event) => void events.push(event),
    onLog: ({ text }) => void logs.push(text),
  });
  const script = `addEventListener("tail", (event) => { console.log("tail", event.events.length, event.events === event.traces, event instanceof TailEvent); });
    addEventListener("trace", (event) => { console.log("trace", event.traces[0].scriptName); throw new Error("mine"); });`;
  await host.deploy({
    name: "script",
    main: "i.js",
    modules: [{ name: "i.js", type: "script", content: script }],
  });
  await host.deploy(
    upload("older", `export default { trace(items) { console.log("older", items.length) } }`),
  );
  const entry = `import { WorkerEntrypoint } from "cloudflare:workers"; export default class extends WorkerEntrypoint { tail(items) { console.log("class", this.env.A, items.length) } }`;
  await host.deploy(upload("class", entry, { vars: { A: "b" } }));
  await host.deploy(upload("none", `export default { fetch() {} }`));
  const tailConsumers = ["script", "older", "class", "none"];
  const shop = await host.deploy(
    upload("shop", `export default { fetch: () => new Response() }`, { tailConsumers }),
  );
  await shop.fetch("http://shop/");
  for (let i = 0; i < 6_000 && events.filter(({ kind }) => kind === "tail").length < 4; i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const outcomes = Object.fromEntries(
    events.filter(({ kind }) => kind === "tail").map(({ worker, outcome }) => [worker, outcome]),
  );
  assert.equal(outcomes, { script: "exception", older: "ok", class: "ok", none: "exception" });
  for (const line of ["tail 1 true true", "trace shop", "older 1", "class b 1"])
    assert.ok(logs.includes(line), `${line} in ${logs.join("; ")}`);
  assert.ok(logs.some((line) => line.includes("does not export a tail() function")));
});

test("who is told stays over deploys and restarts, and ends with the worker", async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "skerry-tail-"));
  try {
    {
      await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL, dataFolder });
      await host.deploy(upload("log", LOG));
      await host.deploy(upload("shop", SHOP, { tailConsumers: ["log"] }));
      await host.deploy(upload("shop", SHOP));
      assert.equal(host.control.worker("shop")!.tailConsumers, ["log"]);
      assert.equal(host.control.tailProducers("log"), ["shop"]);
    }
    await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL, dataFolder });
    await host.worker("shop")!.fetch("http://shop/");
    assert.is((await told(host, 1)).length, 1);
    await host.control.update("shop", () => ({ tailConsumers: [] }));
    await host.worker("shop")!.fetch("http://shop/");
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.is((await told(host, 1)).length, 1);
    await host.control.update("shop", () => ({ tailConsumers: ["log"] }));
    await host.delete("shop");
    assert.equal(host.control.tailProducers("log"), []);
  } finally {
    rmSync(dataFolder, { recursive: true });
  }
});

test("the consumers of an account share what may wait for them, and other accounts have theirs", async () => {
  const feed = new TailFeed();
  const dropped = new Map<string, number>();
  let delivered = 0;
  let finish: (() => void)[] = [];
  const names = Array.from({ length: 8 }, (_, index) => `log-${index}`);
  const of = (account: string): string[] => (account === "many" ? names : ["log"]);
  const consumers = new TailConsumers({
    store: { of, set() {}, all: () => [], producersOf: () => [] },
    feed,
    run: async (_account, _consumer, { itemsJson }) => {
      delivered += (JSON.parse(itemsJson) as unknown[]).length;
      await new Promise<void>((resolve) => finish.push(resolve));
    },
    dropped: (account, _consumer, count) => void dropped.set(account, (dropped.get(account) ?? 0) + count),
  });
  for (const account of ["many", "one"]) consumers.set(account, "shop", []);
  const tell = (account: string): void => {
    const event = { account, worker: "shop", outcome: "ok", url: "http://shop/" } as EventRecord;
    const headers = `x-a\n${"x".repeat(1_000_000)}`;
    feed.event(event, { kind: "fetch", headers, cfJson: "{}", entrypoint: null });
    consumers.flush();
  };
  const finishAll = async (): Promise<void> => {
    for (; finish.length > 0; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const running = finish;
      finish = [];
      for (const done of running) done();
    }
  };
  for (let i = 0; i < 6; i++) tell("many");
  for (let i = 0; i < 6; i++) tell("one");
  await finishAll();
  assert.is(delivered, 33 + 6, "32 Mi characters, and all of the other account");
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assert.equal([...dropped], [["many", 15]]);
  for (let i = 0; i < 4; i++) tell("many");
  await finishAll();
  assert.is(delivered, 39 + 32, "there is room again");
});

test.run();

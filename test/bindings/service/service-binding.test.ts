import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type EventRecord, type Host, type WorkerUpload } from "../../../src/index.ts";
import { eventually } from "../../eventually.ts";
import { WIDE_LIMITS } from "../../limits/wide-limits.ts";

const CELL = (process.env["SKERRY_TEST_CELL"] ?? "in-process") as "in-process" | "process";

function upload(name: string, code: string, services: WorkerUpload["services"] = []): WorkerUpload {
  const content = `import { WorkerEntrypoint } from "cloudflare:workers";\n${code}`;
  return {
    name,
    limits: { cpuMs: 10_000 },
    main: "i.js",
    modules: [{ name: "i.js", type: "esm", content }],
    services,
  };
}

const BACK = `
  export default class extends WorkerEntrypoint {
    async fetch(request) {
      const url = new URL(request.url);
      if (url.pathname === "/throw") throw new Error("secret details");
      if (url.pathname === "/to") return Response.redirect("http://x/there", 302);
      if (url.pathname === "/big") return new Response(new Uint8Array(3_000_000).fill(7));
      const body = request.method === "POST" ? await request.text() : "";
      return Response.json([request.method, url.pathname, request.headers.get("x-a"), body.length, this.ctx.props], { headers: { "x-b": "c" } });
    }
  }
  export class Named extends WorkerEntrypoint { fetch() { return Response.json([this.env.NAME ?? null, this.ctx.props]); } }
  export const plain = { fetch(request, env, ctx) { return Response.json(["plain", ctx.props]); } };
  export const nothing = 1;
`;

async function ask(host: Host, code: string): Promise<unknown> {
  await host.deploy(
    upload("front", `export default { async fetch(request, env, ctx) { ${code} } }`, [
      { binding: "BACK", service: "back" },
      { binding: "NAMED", service: "back", entrypoint: "Named", props: { a: [1] } },
      { binding: "PLAIN", service: "back", entrypoint: "plain" },
      { binding: "NOTHING", service: "back", entrypoint: "nothing" },
      { binding: "DEFAULT", service: "back", entrypoint: "default" },
      { binding: "SELF", service: "front" },
    ]),
  );
  return await (await host.worker("front")!.fetch("http://front/")).json();
}

test("a service binding asks another worker, with method, headers and bodies of any size", async () => {
  const events: EventRecord[] = [];
  await using host = await createHost({
    limits: WIDE_LIMITS,
    cell: CELL,
    onEvent: (event) => void events.push(event),
  });
  await host.deploy(upload("back", BACK));
  const answer = await ask(
    host,
    `const get = await env.BACK.fetch("http://any/get", { headers: { "x-a": "b" } });
     const post = await env.BACK.fetch(new Request("http://any/post", { method: "POST", body: "x".repeat(2_000_000) }));
     const big = await env.BACK.fetch("http://any/big");
     const redirected = await env.BACK.fetch("http://any/to");
     const manual = await env.BACK.fetch("http://any/to", { redirect: "manual" });
     const called = await env.BACK.add(1, 2).catch((error) => error.name + " " + error.message.slice(0, 22));
     if (called !== 'TypeError "add" cannot be called' || (await env.BACK) !== env.BACK || JSON.stringify(env.BACK) !== "{}" || "add" in env.BACK) throw new Error(called);
     return Response.json([await get.json(), get.headers.get("x-b"), (await post.json())[3], (await big.bytes()).reduce((a, b) => a + b, 0),
       redirected.redirected, redirected.url, (await redirected.json())[1], manual.status, Object.prototype.toString.call(env.BACK)]);`,
  );
  assert.equal(answer, [
    ["GET", "/get", "b", 0, {}],
    "c",
    2_000_000,
    21_000_000,
    true,
    "http://x/there",
    "/there",
    302,
    "[object Fetcher]",
  ]);
  assert.ok(events.filter(({ worker }) => worker === "back").length >= 5);
});

test("a service binding leads to named entrypoints and brings ctx.props", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  await host.deploy(upload("back", BACK));
  const answer = await ask(
    host,
    `const json = async (service) => await (await service.fetch("http://x/")).json();
     const missing = await env.NOTHING.fetch("http://x/").catch((error) => error.message);
     return Response.json([await json(env.NAMED), await json(env.PLAIN), missing, (await json(env.DEFAULT))[1]]);`,
  );
  assert.equal(answer, [
    [null, { a: [1] }],
    ["plain", {}],
    'The worker "back" failed to answer: it threw an exception',
    "/",
  ]);
});

test("a service binding tells of failures and loops, without details of the other worker", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  await host.deploy(upload("back", BACK));
  const failed = await ask(
    host,
    `const told = await env.BACK.fetch("http://x/throw").catch((error) => [error.name, error.message]);
     return Response.json(told);`,
  );
  assert.equal(failed, ["Error", 'The worker "back" failed to answer: it threw an exception']);
  const loop = `const answer = await env.SELF.fetch(request.url).catch((error) => Response.json(error.message)); return answer;`;
  assert.match(String(await ask(host, loop)), /too many workers/);
  await host.delete("back");
  const gone = `return Response.json(await env.BACK.fetch("http://x/").catch((error) => error.message))`;
  await assertRejects(async () => await ask(host, gone), /no worker "back"/);
});

test("a service binding to a worker that is not there, or of another account, is refused at deploy", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  await host.deploy({ ...upload("back", BACK), account: "other" });
  await assertRejects(async () => await ask(host, "return new Response()"), /no worker "back"/);
  const bad = upload("w", "export default { fetch() {} }", [
    { binding: "A-B", service: "X Y", entrypoint: "1" },
  ]);
  await assertRejects(
    async () => await host.deploy(bad),
    /services\[0\]\.binding.*services\[0\]\.service.*services\[0\]\.entrypoint/s,
  );
});

test("a worker class answers for its worker, and its constructor runs for each event", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  await host.deploy(
    upload(
      "w",
      `let made = 0; class Base extends WorkerEntrypoint { constructor(ctx, env) { super(ctx, env); made++; } }
       export default class extends Base { fetch() { this.ctx.waitUntil(Promise.resolve()); return new Response(String(made)); } scheduled(controller) { if (controller.cron !== "* * * * *") throw new Error(); } }`,
    ),
  );
  const worker = host.worker("w")!;
  assert.is(await (await worker.fetch("http://w/")).text(), "1");
  assert.is(await (await worker.fetch("http://w/")).text(), "2");
  assert.is(await worker.scheduled({ cron: "* * * * *" }), "ok");
  await assertRejects(
    async () => await host.deploy(upload("v", "export default class { fetch() {} }")),
    /no WorkerEntrypoint/,
  );
});

async function assertRejects(run: () => Promise<unknown>, expected: RegExp): Promise<void> {
  const message = await run().then(
    () => "nothing was thrown",
    (error: Error) => error.message,
  );
  assert.match(message, expected);
}

test("entrypoints that throw, lie about their kind or are no export fail the request alone", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  await host.deploy(
    upload(
      "back",
      `${BACK}
       export class Throws extends WorkerEntrypoint { constructor(...args) { super(...args); throw new Error("x"); } fetch() {} }
       export class Below extends Named {}
       export const Lies = new Proxy(class { fetch() { return Response.json("lies"); } }, { getPrototypeOf: () => WorkerEntrypoint });
       export const Trap = new Proxy(function () {}, { getPrototypeOf() { throw new Error("x"); } });
       export const Getter = { get fetch() { throw new Error("x"); } };`,
    ),
  );
  const names = [
    "Throws",
    "Below",
    "Lies",
    "Trap",
    "Getter",
    "toString",
    "hasOwnProperty",
    "WorkerEntrypoint",
  ];
  const services = names.map((name) => ({ binding: `$${name}`, service: "back", entrypoint: name }));
  const code = `export default { async fetch(request, env) {
    const answers = [];
    for (const name in env) answers.push([name, await env[name].fetch("http://x/").then((r) => r.json(), (e) => e.message)]);
    return Response.json(answers);
  } }`;
  await host.deploy(upload("front", code, services));
  const failed = 'The worker "back" failed to answer: it threw an exception';
  const answers = (await (await host.worker("front")!.fetch("http://x/")).json()) as [string, unknown][];
  assert.equal(Object.fromEntries(answers), {
    $Throws: failed,
    $Below: [null, {}],
    $Lies: "lies",
    $Trap: failed,
    $Getter: failed,
    $toString: failed,
    $hasOwnProperty: failed,
    $WorkerEntrypoint: failed,
  });
});

test("workers that wait for each other take no place that another one of them needs", async () => {
  await using host = await createHost({ cell: CELL, limits: { ...WIDE_LIMITS, accountConcurrency: 8 } });
  await host.deploy(upload("back", BACK));
  const code = `export default { async fetch(request, env) {
    return await env.BACK.fetch("http://x/").then(() => new Response("ok"), (e) => new Response(e.message)) } }`;
  await host.deploy(upload("front", code, [{ binding: "BACK", service: "back" }]));
  const answers = await Promise.all(
    Array.from({ length: 40 }, async () => await (await host.worker("front")!.fetch("http://x/")).text()),
  );
  assert.is(answers.length, 40);
  assert.is(await (await host.worker("front")!.fetch("http://x/")).text(), "ok");
});

test("a body that a worker encoded itself is plain for the one that asks, and goes out coded once", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  await host.deploy(
    upload(
      "back",
      `export default { async fetch() {
        const packed = await new Response(new Response("hello ".repeat(100)).body.pipeThrough(new CompressionStream("gzip"))).bytes();
        return new Response(packed, { encodeBody: "manual", headers: { "content-encoding": "gzip" } });
      } }`,
    ),
  );
  await host.deploy({
    ...upload(
      "front",
      `export default { async fetch(request, env) {
        const answer = await env.BACK.fetch("http://back/");
        return new URL(request.url).pathname === "/read" ? new Response(await answer.text()) : answer;
      } }`,
      [{ binding: "BACK", service: "back" }],
    ),
    routes: ["front.localhost/*"],
  });
  const { port } = await host.listen({ port: 0 });
  const ask = async (path: string): Promise<string> => {
    const headers = { host: "front.localhost", "accept-encoding": "gzip" };
    const sent = request({ port, path, headers, agent: false }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    const bytes = await buffer(response);
    return (response.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
  };
  for (const path of ["/read", "/pass"]) assert.is(await ask(path), "hello ".repeat(100), path);
});

test("one request calls 32 workers in all, however they call each other", async () => {
  let calls = 0;
  await using host = await createHost({
    limits: WIDE_LIMITS,
    cell: CELL,
    onEvent: ({ kind }) => void (calls += Number(kind === "fetch")),
  });
  // Each of them calls itself twice, at the same time: without a common count that doubles with each step.
  await host.deploy(
    upload(
      "tree",
      `export default { async fetch(request, env) {
        const answers = await Promise.all([1, 2].map(() => env.SELF.fetch("http://tree/").then((one) => one.text(), (error) => error.message)));
        return new Response([...new Set(answers)].join());
      } }`,
      [{ binding: "SELF", service: "tree" }],
    ),
  );
  const text = await (await host.worker("tree")!.fetch("http://tree/")).text();
  assert.match(text, "Too many Worker invocations: one request may call 32 workers in all.");
  await eventually(() => calls === 33, "33 events");
  // The next request has its own.
  assert.is((await host.worker("tree")!.fetch("http://tree/")).status, 200);
  await eventually(() => calls === 66, "66 events");
});

test.run();

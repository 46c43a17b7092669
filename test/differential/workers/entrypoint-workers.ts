import type { DifferentialWorker } from "../differential-case.ts";
import { asking, worker } from "./worker.ts";

/** A worker that is bound as OTHER. */
const beside = (source: string): Pick<DifferentialWorker, "services" | "peers"> => ({
  services: [{ binding: "OTHER", service: "other" }],
  peers: { other: { modules: { "index.js": source } } },
});
const WE = `import { WorkerEntrypoint } from "cloudflare:workers";`;

/** Classes of \`cloudflare:workers\`, and workers that ask others. */
export const ENTRYPOINT_WORKERS: readonly DifferentialWorker[] = [
  worker(
    "entrypoints",
    "default-class",
    `${WE} export default class extends WorkerEntrypoint { async fetch(request) { return Response.json([new URL(request.url).pathname, this.env.A, typeof this.ctx.waitUntil, this instanceof WorkerEntrypoint]); } }`,
    { vars: { A: "x" } },
  ),
  worker(
    "entrypoints",
    "class-per-request",
    `${WE} let made = 0; export default class extends WorkerEntrypoint { n = ++made; fetch() { return Response.json([this.n, made]); } }`,
    {
      requests: [
        { name: "first", path: "/a" },
        { name: "second", path: "/b" },
      ],
    },
  ),
  worker(
    "entrypoints",
    "class-constructor",
    `${WE} export default class extends WorkerEntrypoint { constructor(ctx, env) { super(ctx, env); this.seen = [typeof ctx, env === this.env]; } fetch() { return Response.json(this.seen); } }`,
  ),
  worker(
    "entrypoints",
    "class-without-fetch",
    `${WE} export default class extends WorkerEntrypoint { other() {} }`,
  ),
  worker(
    "entrypoints",
    "class-throws",
    `${WE} export default class extends WorkerEntrypoint { fetch() { throw new RangeError("in class"); } }`,
  ),
  worker(
    "entrypoints",
    "constructor-throws",
    `${WE} export default class extends WorkerEntrypoint { constructor(ctx, env) { super(ctx, env); throw new RangeError("in constructor"); } fetch() { return new Response("x"); } }`,
  ),
  worker(
    "entrypoints",
    "env-import",
    `import { env } from "cloudflare:workers"; const early = env.A; export default { fetch: (request, own) => Response.json([early, env.A, env.A === own.A, Object.keys(env)]) };`,
    { vars: { A: "x" } },
  ),
  worker(
    "entrypoints",
    "waituntil-import",
    `import { waitUntil } from "cloudflare:workers"; export default { fetch() { waitUntil(scheduler.wait(5).then(() => console.log("after"))); return new Response("x"); } };`,
  ),
  worker(
    "entrypoints",
    "exports-of-the-module",
    `import * as all from "cloudflare:workers"; export default { fetch: () => Response.json(Object.keys(all).sort()) };`,
    { dates: ["2026-11-17"] },
  ),
  worker(
    "entrypoints",
    "ctx-exports",
    `${WE} export class Named extends WorkerEntrypoint { fetch() { return new Response("named " + JSON.stringify(this.ctx.props ?? null)); } }
    export default { async fetch(request, env, ctx) { return Response.json([typeof ctx.exports, Object.keys(ctx.exports ?? {}), await (await ctx.exports?.Named?.fetch("http://x/"))?.text()]); } };`,
    { dates: ["2026-11-17"] },
  ),
  worker(
    "entrypoints",
    "workflow-errors",
    `import { NonRetryableError } from "cloudflare:workflows";
    export default { fetch() { const e = new NonRetryableError("m"); const f = new NonRetryableError("m", "Own"); return Response.json([e.name, f.name, e.message, e instanceof Error, String(e)]); } };`,
    { dates: ["2026-11-17"] },
  ),
  worker(
    "entrypoints",
    "classes-that-are-only-extended",
    `import { DurableObject, WorkflowEntrypoint, RpcTarget } from "cloudflare:workers";
    export class Mine extends DurableObject {} class Flow extends WorkflowEntrypoint {} class Target extends RpcTarget { go() { return 1; } }
    export default { fetch() { return Response.json([typeof Mine, Object.getPrototypeOf(Flow) === WorkflowEntrypoint, new Target() instanceof RpcTarget, new Target().go()]); } };`,
    { dates: ["2026-11-17"] },
  ),
  worker(
    "service bindings",
    "asks-another",
    `const json = async (r) => Response.json([r.status, r.statusText, r.url, r.redirected, Object.fromEntries(r.headers), await r.text()]);
    const cases = {
      get: (env) => env.OTHER.fetch("http://inner.test/echo?x=1"),
      post: (env) => env.OTHER.fetch("http://inner.test/echo", { method: "POST", body: "posted", headers: { "x-own": "1" } }),
      request: (env, request) => env.OTHER.fetch(request),
      copy: (env, request) => env.OTHER.fetch(new Request("http://inner.test/echo", request)),
      redirect: (env) => env.OTHER.fetch("http://inner.test/redirect"),
      manual: (env) => env.OTHER.fetch("http://inner.test/redirect", { redirect: "manual" }),
      status: (env) => env.OTHER.fetch("http://inner.test/status"),
      stream: (env) => env.OTHER.fetch("http://inner.test/stream"),
      empty: (env) => env.OTHER.fetch("http://inner.test/empty"),
      throws: (env) => env.OTHER.fetch("http://inner.test/throws"),
      relative: (env) => env.OTHER.fetch("/echo"),
      none: (env) => env.OTHER.fetch(),
      named: (env) => env.NAMED.fetch("http://inner.test/x"),
      props: (env) => env.PROPS.fetch("http://inner.test/x"),
      aborted: (env) => env.OTHER.fetch("http://inner.test/slow", { signal: AbortSignal.timeout(5) }),
      json: (env) => env.OTHER.fetch("http://inner.test/json"),
    };
    export default { async fetch(request, env) { const name = new URL(request.url).pathname.slice(1); try { return await json(await cases[name](env, request)); } catch (e) { return new Response("threw " + e.name); } } };`,
    {
      services: [
        { binding: "OTHER", service: "other" },
        { binding: "NAMED", service: "other", entrypoint: "Named" },
        { binding: "PROPS", service: "other", entrypoint: "Named", props: { a: [1] } },
      ],
      peers: {
        other: {
          modules: {
            "index.js": `${WE}
        export class Named extends WorkerEntrypoint { fetch() { return Response.json(["named", this.ctx.props ?? null]); } }
        export default { async fetch(request) { const url = new URL(request.url);
          switch (url.pathname) {
            case "/redirect": return Response.redirect("http://inner.test/echo?redirected", 302);
            case "/status": return new Response("short", { status: 418, statusText: "Tea", headers: { "x-a": "1", "set-cookie": "a=1" } });
            case "/stream": return new Response(new ReadableStream({ async start(c) { c.enqueue(new TextEncoder().encode("a")); await scheduler.wait(2); c.enqueue(new TextEncoder().encode("b")); c.close(); } }));
            case "/empty": return new Response(null, { status: 204 });
            case "/throws": throw new RangeError("inside the other");
            case "/slow": await scheduler.wait(300); return new Response("slow");
            case "/json": return Response.json({ a: 1 });
            default: return Response.json([request.method, request.url.replace(/\\/\\/[^/]*localhost/, "//host"), [...request.headers].filter(([n]) => n.startsWith("x-own") || n === "content-type"), await request.text()]);
          } } };`,
          },
        },
      },
      requests: [
        ...asking(
          "/get",
          "/post",
          "/copy",
          "/redirect",
          "/manual",
          "/status",
          "/stream",
          "/empty",
          "/throws",
          "/relative",
          "/none",
          "/named",
          "/props",
          "/aborted",
          "/json",
        ),
        { name: "request", path: "/request", method: "PUT", body: "given", headers: { "x-own": "2" } },
      ],
    },
  ),
  worker(
    "service bindings",
    "answers-by-another",
    `export default { fetch: (request, env) => env.OTHER.fetch(request) };`,
    {
      ...beside(
        `export default { fetch: (request) => new Response("other " + new URL(request.url).pathname, { status: 203, headers: { "x-other": "1" } }) };`,
      ),
      requests: asking("/some/path"),
    },
  ),
  worker(
    "service bindings",
    "a-socket-through-another",
    `export default { fetch: (request, env) => env.OTHER.fetch(request) };`,
    {
      ...beside(
        `export default { fetch() { const [client, server] = Object.values(new WebSocketPair()); server.accept(); server.send("from afar"); server.close(1000, "done"); return new Response(null, { status: 101, webSocket: client }); } };`,
      ),
      requests: [{ name: "opened", path: "/", socket: { send: [] } }],
    },
  ),
  worker(
    "service bindings",
    "shape-of-a-binding",
    `export default { fetch: (request, { OTHER }) => Response.json([typeof OTHER, Object.prototype.toString.call(OTHER), typeof OTHER.fetch, typeof OTHER.connect, typeof OTHER.get, OTHER.constructor.name]) };`,
    beside(`export default { fetch: () => new Response("x") };`),
  ),
  worker(
    "service bindings",
    "rpc",
    `export default { async fetch(request, env) { try { return Response.json(await env.OTHER.add(1, 2)); } catch (e) { return new Response("threw " + e.name); } } };`,
    {
      ...beside(`${WE} export default class extends WorkerEntrypoint { add(a, b) { return a + b; } }`),
      dates: ["2026-11-17"],
    },
  ),
];

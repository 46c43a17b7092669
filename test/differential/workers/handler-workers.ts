import type { DifferentialWorker } from "../differential-case.ts";
import { asking, worker } from "./worker.ts";

const BY_PATH = (cases: string, before = ""): string => `${before}
const cases = {${cases}};
export default { async fetch(request, env, ctx) { return await cases[new URL(request.url).pathname.slice(1)](request, env, ctx); } };`;

/** Handlers, \`ctx\`, errors that nobody caught, and the global scope. */
export const HANDLER_WORKERS: readonly DifferentialWorker[] = [
  worker(
    "handlers",
    "answers",
    BY_PATH(`
    nothing() {}, text: () => "text", number: () => 5, null: () => null, object: () => ({ status: 200 }), promise: async () => new Response("p"),
    thenable: () => ({ then(f) { f(new Response("thenable")); } }), request: (r) => r, never: () => new Promise(() => {}),
    subclass: () => new (class Mine extends Response {})("sub"), `),
    {
      requests: asking(
        "/nothing",
        "/text",
        "/number",
        "/null",
        "/object",
        "/promise",
        "/thenable",
        "/request",
        "/never",
        "/subclass",
      ),
    },
  ),
  worker(
    "handlers",
    "thrown",
    BY_PATH(`
    error() { throw new Error("plain"); }, typed() { throw new TypeError("typed"); }, own() { throw new (class Own extends Error { name = "Own"; })("own"); },
    text() { throw "text"; }, number() { throw 5; }, null() { throw null; }, undefined() { throw undefined; }, object() { throw { a: 1 }; }, symbol() { throw Symbol("s"); },
    dom() { throw new DOMException("dom", "AbortError"); }, cause() { throw new Error("outer", { cause: new TypeError("inner") }); }, aggregate() { throw new AggregateError([new Error("a")], "many"); },
    async rejected() { await null; throw new RangeError("later"); }, empty() { throw new Error(); }, deep() { const f = () => f(); f(); }, response() { throw new Response("thrown", { status: 400 }); }, `),
    {
      requests: asking(
        "/error",
        "/typed",
        "/own",
        "/text",
        "/number",
        "/null",
        "/undefined",
        "/object",
        "/symbol",
        "/dom",
        "/cause",
        "/aggregate",
        "/rejected",
        "/empty",
        "/deep",
        "/response",
      ),
    },
  ),
  worker(
    "handlers",
    "rejections",
    BY_PATH(`
    floating() { Promise.reject(new TypeError("floating")); return new Response("ok"); },
    caught_later() { const p = Promise.reject(new TypeError("late")); setTimeout(() => p.catch(() => {}), 1); return new Response("ok"); },
    caught() { Promise.reject(new TypeError("caught")).catch(() => {}); return new Response("ok"); },
    text() { Promise.reject("text"); return new Response("ok"); },
    timer() { setTimeout(() => { throw new RangeError("in timer"); }, 1); return scheduler.wait(20).then(() => new Response("ok")); },
    microtask() { queueMicrotask(() => { throw new RangeError("in microtask"); }); return scheduler.wait(5).then(() => new Response("ok")); },
    waiting(r, e, ctx) { ctx.waitUntil(Promise.reject(new RangeError("waited for"))); return new Response("ok"); },`),
    {
      requests: asking("/floating", "/caught_later", "/caught", "/text", "/timer", "/microtask", "/waiting"),
    },
  ),
  worker(
    "handlers",
    "unhandledrejection",
    `addEventListener("unhandledrejection", (e) => { console.log("heard", e.reason.name, e.reason.message, e.promise instanceof Promise); e.preventDefault(); });
    export default { async fetch() { Promise.reject(new TypeError("told")); await scheduler.wait(5); return new Response("ok"); } };`,
  ),
  worker(
    "handlers",
    "ctx",
    BY_PATH(`
    members: (r, e, ctx) => Response.json([typeof ctx.waitUntil, typeof ctx.passThroughOnException, typeof ctx.props, typeof ctx.exports, typeof ctx.abort, Object.prototype.toString.call(ctx)]),
    props: (r, e, ctx) => Response.json(ctx.props ?? "none"),
    wait(r, e, ctx) { ctx.waitUntil((async () => { await scheduler.wait(5); console.log("after"); })()); return new Response("x"); },
    wait_text(r, e, ctx) { ctx.waitUntil("text"); return new Response("x"); },
    wait_nothing(r, e, ctx) { ctx.waitUntil(); return new Response("x"); },
    detached(r, e, { waitUntil }) { try { waitUntil(Promise.resolve()); return new Response("fine"); } catch (error) { return new Response(error.name); } },
    pass(r, e, ctx) { ctx.passThroughOnException(); return new Response("passed"); },`),
    { requests: asking("/members", "/props", "/wait", "/wait_text", "/wait_nothing", "/detached", "/pass") },
  ),
  worker("handlers", "no-fetch", `export default { scheduled() {} };`, {}),
  worker(
    "handlers",
    "class-with-state",
    `let count = 0; export default { n: 5, fetch() { return Response.json([this.n, ++count]); } };`,
    {
      requests: [
        { name: "first", path: "/a" },
        { name: "second", path: "/b" },
      ],
    },
  ),
  worker(
    "handlers",
    "inherited-fetch",
    `class Base { async fetch(r, env) { return new Response("base " + env.A); } } export default new (class extends Base {})();`,
    { vars: { A: "x" } },
  ),
  worker(
    "handlers",
    "global-scope",
    `
    const attempt = (f) => { try { const value = f(); if (value instanceof Promise) { value.catch(() => {}); return "promise"; } return typeof value; } catch (e) { return e.name + ": " + e.message.slice(0, 60); } };
    const seen = { fetch: attempt(() => fetch("http://a.test/")), random: attempt(() => crypto.getRandomValues(new Uint8Array(1))), uuid: attempt(() => crypto.randomUUID()), timer: attempt(() => setTimeout(() => {}, 1)),
      wait: attempt(() => scheduler.wait(1)), cache: attempt(() => caches.default.match("http://a.test/")), digest: attempt(() => crypto.subtle.digest("SHA-256", new Uint8Array(1))), now: Date.now(), mathRandom: attempt(() => Math.random()), 
      response: attempt(() => new Response("x")), stream: attempt(() => new ReadableStream()), socket: attempt(() => new WebSocketPair()), eval: attempt(() => eval("1")), fn: attempt(() => new Function("return 1")()), abort: attempt(() => AbortSignal.timeout(1)) };
    export default { fetch: () => Response.json(seen) };`,
  ),
  worker(
    "handlers",
    "another-request",
    `let kept;
    export default { async fetch(request) { const path = new URL(request.url).pathname;
      if (path === "/keep") { kept = request; return new Response("kept"); }
      try { return new Response(await kept.text()); } catch (e) { return new Response(e.name); } } };`,
    {
      requests: [
        { name: "keep", path: "/keep", method: "POST", body: "body" },
        { name: "use", path: "/use" },
      ],
    },
  ),
  worker(
    "handlers",
    "client-gone",
    `export default { async fetch(request, env, ctx) {
      ctx.waitUntil((async () => { await scheduler.wait(30); console.log("still here"); })());
      return new Response(new ReadableStream({ async pull(c) { c.enqueue(new Uint8Array(1000)); await scheduler.wait(5); } })); } };`,
    { requests: [{ name: "after the head", path: "/", abort: true }] },
  ),
  worker(
    "handlers",
    "cf-object",
    `export default { fetch: (request) => Response.json([typeof request.cf, Object.isFrozen(request.cf ?? {}), new Request(request, { cf: { a: 1 } }).cf, request.clone().cf === request.cf]) };`,
  ),
  worker(
    "handlers",
    "env-vars",
    `export default { fetch: (request, env) => Response.json([env, typeof env.TEXT, Object.keys(env).sort(), env.NONE === undefined, (() => { try { env.NEW = 1; return env.NEW; } catch (e) { return e.name; } })()]) };`,
    { vars: { TEXT: 'a "quoted" ü', EMPTY: "", NUMBER: 5, NULL: null, LIST: [1, { a: 2 }], FLAG: false } },
  ),
  worker(
    "handlers",
    "env-json-is-kept",
    `export default { fetch: (request, env) => { env.DATA.n = (env.DATA.n ?? 0) + 1; return Response.json(env.DATA); } };`,
    {
      vars: { DATA: {} },
      requests: [
        { name: "first", path: "/a" },
        { name: "second", path: "/b" },
      ],
    },
  ),
];

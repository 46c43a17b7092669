import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../../runtime-api/contract/in.ts";
import { mainModule, only, TestIsolate, types, worker } from "./isolate-fixture.ts";

async function loadFailure(
  modules: string,
  options: Parameters<TestIsolate["load"]>[1] = {},
): Promise<readonly unknown[]> {
  using isolate = await TestIsolate.create();
  const out = await isolate.load(modules, options);
  assert.equal(
    types(out).filter((type) => type !== "log"),
    ["loadFailed"],
  );
  return only(out, "loadFailed");
}

test("load: tells the handlers once", async () => {
  using isolate = await TestIsolate.create();
  const out = await isolate.load(
    mainModule("{ fetch() {}, scheduled() {}, other() {} }", "console.log('top');"),
  );
  assert.equal(types(out), ["log", "loaded"]);
  assert.equal(JSON.parse(String(only(out, "loaded")[0])), ["fetch", "scheduled"]);
  assert.is(only(out, "slice", 0).length, 1);
});

test("load: a top level that throws, or has no handlers, fails with the reason", async () => {
  const [name, message, stack] = await loadFailure(mainModule("{}", "throw new SyntaxError('bad top');"));
  assert.equal([name, message], ["SyntaxError", "bad top"]);
  assert.match(String(stack), "skerry:worker");
  for (const handlers of ["{}", "null", "42", "{ fetch: 1 }"]) {
    assert.is(
      (await loadFailure(mainModule(handlers)))[1],
      "The uploaded script has no registered event handlers.",
    );
  }
  assert.match(
    String((await loadFailure(mainModule("class extends Object {}")))[1]),
    "is no WorkerEntrypoint",
  );
  assert.match(
    String((await loadFailure(mainModule("{ fetch() {} }"), { main: "none.js" }))[1]),
    'No such module "none.js".',
  );
});

test("load: a top level that waits for what cannot come fails", async () => {
  const [, message] = await loadFailure(`[["main.js", "esm", [], [], true, async function* (i, m, l, define) {
    define({ default: () => ({ fetch() {} }) }); yield; await new Promise(() => {});
  }]]`);
  assert.match(String(message), "top level");
});

test("load: a top level may await and import modules", async () => {
  using isolate = await TestIsolate.create();
  const out = await isolate.load(`[["main.js", "esm", [], [], true, async function* (i, m, load, define) {
    let handlers; define({ default: () => handlers }); yield;
    const { text } = await load("./" + "dep.js");
    handlers = { fetch: () => new Response(text) };
  }], ["dep.js", "esm", [], [], true, async function* (i, m, load, define) {
    let text; define({ text: () => text }); yield;
    text = await Promise.resolve("from dep");
  }]]`);
  assert.equal(types(out), ["loaded"]);
  assert.is(only(await isolate.fetch(), "head")[4], "from dep");
});

for (const [what, code] of [
  ["fetch", "fetch('https://a.example/')"],
  ["setTimeout", "setTimeout(() => {}, 1)"],
  ["random bytes", "crypto.getRandomValues(new Uint8Array(1))"],
  ["KV", "env.KV.get('a')"],
] as const) {
  test(`global scope: ${what} is refused with the well-known text`, async () => {
    using isolate = await TestIsolate.create();
    const out = await isolate.load(
      `[["main.js", "esm", ["cloudflare:workers"], [], true, async function* (imports, m, l, define) {
        let handlers; define({ default: () => handlers }); yield;
        const { env } = imports[0];
        let text = "nothing"; try { await ${code}; } catch (error) { text = error.message; }
        handlers = { fetch: () => new Response(text) };
      }]]`,
      { env: [{ name: "KV", type: "kv", slot: 1 }] },
    );
    assert.equal(types(out), ["loaded"]);
    assert.match(
      String(only(await isolate.fetch(), "head")[4]),
      "Disallowed operation called within global scope.",
    );
  });
}

test("cloudflare:workers: has env and waitUntil, and says what it lacks", async () => {
  using isolate = await TestIsolate.create();
  await isolate.load(
    `[["main.js", "esm", ["cloudflare:workers"], [], false, function* (imports, m, l, define) {
      define({ default: () => ({ fetch(request, env) {
        imports[0].waitUntil(fetch("https://a.example/"));
        const told = (run) => { try { run(); } catch (error) { return error.message; } };
        const { DurableObject, RpcTarget, RpcStub } = imports[0];
        class Room extends DurableObject {}
        return Response.json([imports[0].env === env, Object.keys(imports[0]).join(), told(() => new Room()), told(() => new RpcStub({})),
          told(() => imports[0].tracing), new (class Own extends RpcTarget {})() instanceof RpcTarget]);
      } }) }); yield;
    }]]`,
  );
  const out = await isolate.fetch();
  assert.equal(types(out), ["call", "head"]);
  assert.equal(JSON.parse(String(only(out, "head")[4])), [
    true,
    "DurableObject,RpcPromise,RpcProperty,RpcStub,RpcTarget,ServiceStub,WorkerEntrypoint,WorkflowEntrypoint,env,waitUntil",
    'Durable Objects are not supported by this host yet: no "DurableObject" can be made.',
    'Method calls (RPC) are not supported by this host yet: no "RpcStub" can be made.',
    '"tracing" of "cloudflare:workers" is not supported by this host yet.',
    true,
  ]);
});

test("values: text, JSON and data modules reach the worker", async () => {
  using isolate = await TestIsolate.create();
  await isolate.load(
    `[["main.js", "esm", ["./t.txt", "./j.json", "./d.bin"], [], false, function* (imports, m, l, define) {
      define({ default: () => ({ fetch: () => Response.json([imports[0].default, imports[1].default, imports[2].default.byteLength]) }) }); yield;
    }]]`,
    { values: ["t.txt", "text", "hi", "j.json", "json", "[1]", "d.bin", "data", Uint8Array.of(1, 2, 3)] },
  );
  assert.is(only(await isolate.fetch(), "head")[4], '["hi",[1],3]');
});

// The type of it comes with the DOM's only.
const { Module } = (globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } })
  .WebAssembly;
/** Exports a function `f` that gives 42, and a memory of one page. */
const WASM = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 9, 2, 1, 102, 0, 0, 1,
  109, 2, 0, 10, 6, 1, 4, 0, 65, 42, 11,
]);

test("values: a WebAssembly module is a WebAssembly.Module, whose memories stay within the isolate's", async () => {
  using isolate = await TestIsolate.create();
  const out = await isolate.load(
    `[["main.js", "esm", ["./m.wasm"], [], false, function* (imports, m, l, define) {
      define({ default: () => ({ fetch() {
        const module = imports[0].default;
        const { f, m } = new WebAssembly.Instance(module).exports;
        const grown = [];
        try { for (;;) { m.grow(16); grown.push(m.buffer.byteLength / 65536); } } catch (error) { grown.push(error.name); }
        return Response.json([module instanceof WebAssembly.Module, f(), ...grown]);
      } }) }); yield;
    }]]`,
    { values: ["m.wasm", "wasm", new Module(WASM)], memoryMb: 3 },
  );
  assert.equal(types(out), ["loaded"]);
  assert.equal(JSON.parse(String(only(await isolate.fetch(), "head")[4])), [true, 42, 17, 33, "RangeError"]);
});

test("code generation: is locked after the load", async () => {
  using isolate = await worker(
    `{ fetch() { try { return new Response(String(new Function("return 1")())); } catch (error) { return new Response(error.name); } } }`,
    {
      before: "if (new Function('return 2')() !== 2) throw new Error('not allowed at start');",
    },
  );
  assert.is(only(await isolate.fetch(), "head")[4], "EvalError");
});

const script = (body: string): string => `[["main.js", "script", [], [], false, function () { ${body} }]]`;

test("service worker: fetch listeners answer with respondWith; bindings are globals", async () => {
  using isolate = await TestIsolate.create();
  const out = await isolate.load(
    script(`addEventListener("fetch", (event) => {
      event.waitUntil(Promise.resolve());
      event.respondWith(handle(event.request));
      try { event.respondWith(null); } catch (error) { console.log(error.name); }
    });
    async function handle(request) { return new Response(NAME + new URL(request.url).pathname + (this === undefined || this === globalThis)); }`),
    { env: [{ name: "NAME", type: "text", value: "n" }] },
  );
  assert.is(only(out, "loaded")[0], '["fetch"]');
  const answer = await isolate.fetch("/p");
  assert.equal(types(answer), ["log", "head", "end"]);
  assert.is(only(answer, "log")[1], "InvalidStateError");
  assert.is(only(answer, "head")[4], "n/ptrue");
});

test("service worker: what the script declares is global, and a binding of the same name keeps its value", async () => {
  using isolate = await TestIsolate.create();
  await isolate.load(
    `[["main.js", "script", [], [], false, function (share) {
      share([["handle", () => handle], ["NAME", () => NAME, (to) => { NAME = to }], ["mine", () => mine, (to) => { mine = to }], ["undefined", () => 1, () => {}]]);
      var NAME, mine = "mine";
      function handle() { self.mine += "!"; return new Response([NAME, this.mine, mine, globalThis.handle === handle, Object.keys(self).includes("mine")].join()); }
      addEventListener("fetch", (event) => event.respondWith(self.handle()));
    }]]`,
    { env: [{ name: "NAME", type: "text", value: "bound" }] },
  );
  assert.is(only(await isolate.fetch(), "head")[4], "bound,mine!,mine!,true,true");
});

test("service worker: scheduled listeners get cron and time", async () => {
  using isolate = await TestIsolate.create();
  const out = await isolate.load(
    script(
      `addEventListener("scheduled", (event) => { event.waitUntil(Promise.resolve().then(() => console.log(event.cron, event.scheduledTime, event.type))); });`,
    ),
  );
  assert.is(only(out, "loaded")[0], '["scheduled"]');
  const run = await isolate.turn(isolate.scheduled("0 * * * *", 5));
  assert.equal(types(run), ["log", "end"]);
  assert.is(only(run, "log")[1], "0 * * * * 5 scheduled");
});

test("service worker: a listener that throws, or does not answer, is an exception", async () => {
  using isolate = await TestIsolate.create();
  await isolate.load(
    script(
      `addEventListener("fetch", (event) => { if (event.request.url.endsWith("/throw")) throw new RangeError("listener"); });`,
    ),
  );
  const thrown = await isolate.fetch("/throw");
  assert.equal(types(thrown), ["exception", "end"]);
  assert.equal(only(thrown, "exception").slice(0, 2), ["RangeError", "listener"]);
  assert.match(String(only(await isolate.fetch("/silent"), "exception")[1]), "respondWith");
  assert.equal(types(await isolate.send(1, In.timer, 1)), []);
});

test("service worker: a script without listeners is refused", async () => {
  assert.is(
    (await loadFailure(script("globalThis.x = 1;")))[1],
    "The uploaded script has no registered event handlers.",
  );
});

test("globals: what every worker expects is there, and nothing of the host", async () => {
  using isolate = await worker(`{ fetch: () => Response.json([
    self === globalThis, navigator.userAgent, typeof queueMicrotask, typeof reportError, typeof structuredClone, typeof setTimeout,
    typeof fetch, typeof process, typeof require, typeof skerryRuntime, typeof addEventListener, typeof KvNamespace,
  ]) }`);
  assert.equal(JSON.parse(String(only(await isolate.fetch(), "head")[4])), [
    true,
    "Cloudflare-Workers",
    "function",
    "function",
    "function",
    "function",
    "function",
    "undefined",
    "undefined",
    "undefined",
    "function",
    "undefined",
  ]);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, types, worker } from "./isolate-fixture.ts";

test("exception: a thrown error leaves as text with the worker's frames only", async () => {
  using isolate = await worker(
    `{ async fetch() { await null; class MyError extends RangeError { name = "MyError" } throw new MyError("broken"); } }`,
  );
  const out = await isolate.fetch();
  assert.equal(types(out), ["exception", "end"]);
  const [name, message, stack] = only(out, "exception");
  assert.equal([name, message], ["MyError", "broken"]);
  assert.match(String(stack), /skerry:worker:\d+:\d+/);
  assert.not.match(String(stack), "skerry:runtime");
  assert.not.match(String(stack), "isolated-vm");
  assert.equal(only(out, "end"), [false]);
});

test("exception: hostile values become text without running getters", async () => {
  using isolate = await worker(`{ async fetch(request) {
    const bad = () => { console.log("ran"); throw 1; };
    switch (new URL(request.url).pathname) {
      case "/getters": throw Object.defineProperties(new Error("x"), { message: { get: bad }, stack: { get: bad }, name: { get: bad } });
      case "/object": throw { get message() { return bad(); }, toString: bad };
      case "/proxy": throw new Proxy(new Error("p"), { get: bad, getPrototypeOf: bad, getOwnPropertyDescriptor: bad });
      case "/symbol": throw Symbol("s");
      case "/null": throw null;
      case "/function": throw bad;
      case "/dom": throw new DOMException("d", "DataError");
      case "/long": throw new Error("m".repeat(1e6));
    }
  } }`);
  const thrown = async (path: string): Promise<readonly unknown[]> => {
    const out = await isolate.fetch(path);
    assert.equal(types(out), ["exception", "end"], path);
    return only(out, "exception");
  };
  assert.equal((await thrown("/getters")).slice(0, 2), ["Error", ""]);
  assert.equal(await thrown("/object"), ["Error", "[object Object]", ""]);
  assert.equal(await thrown("/proxy"), ["Error", "[object Object]", ""]);
  assert.equal(await thrown("/symbol"), ["Error", "Symbol(s)", ""]);
  assert.equal(await thrown("/null"), ["Error", "null", ""]);
  assert.equal(await thrown("/function"), ["Error", "[object Function]", ""]);
  assert.equal((await thrown("/dom")).slice(0, 2), ["DataError", "d"]);
  assert.is(String((await thrown("/long"))[1]).length, 16 * 1024);
});

test("exception: a handler must answer with a Response", async () => {
  using isolate = await worker(`{ fetch: (request) => request.url.endsWith("/a") ? "text" : undefined }`);
  for (const path of ["/a", "/b"]) {
    const out = await isolate.fetch(path);
    assert.equal(types(out), ["exception", "end"]);
    assert.match(String(only(out, "exception")[1]), "Response");
  }
});

test("exception: headers that are too long are the worker's error, not a broken protocol", async () => {
  using isolate = await worker(
    `{ fetch: () => new Response(null, { headers: { a: "x".repeat(2 ** 20) } }) }`,
  );
  const out = await isolate.fetch();
  assert.equal(types(out), ["exception", "end"]);
  assert.match(String(only(out, "exception")[1]), "headers are longer");
});

test("hung: an event that waits for nothing ends with the well-known text", async () => {
  using isolate = await worker(`{ fetch: () => new Promise(() => {}) }`);
  const out = await isolate.fetch();
  assert.equal(types(out), ["exception", "end"]);
  assert.match(
    String(only(out, "exception")[1]),
    "your Worker's code had hung and would never generate a response",
  );
});

test("hung: pending calls and timers are waited for, then it is told", async () => {
  using isolate = await worker(
    `{ async fetch() { setTimeout(() => {}, 5); await fetch("https://a.example/"); await new Promise(() => {}); } }`,
  );
  assert.equal(types(await isolate.fetch()), ["timerSet", "call"]);
  assert.equal(types(await isolate.send(1, In.timer, 1)), []);
  const out = await isolate.send(1, In.reply, 1, true, 7, 200, "", "", 0, null, "", false);
  assert.equal(types(out), ["exception", "end"]);
});

test("hung: waitUntil with a promise that cannot settle does not pin the event", async () => {
  using isolate = await worker(
    `{ fetch(request, env, ctx) { ctx.waitUntil(new Promise(() => {})); return new Response("x"); } }`,
  );
  const out = await isolate.fetch();
  assert.equal(types(out), ["head", "log", "end"]);
  assert.equal(only(out, "end"), [true]);
});

test("cross-request: objects of another event throw the well-known text", async () => {
  using isolate = await worker(`{ async fetch(request, env, ctx) {
    if (request.url.endsWith("/keep")) { globalThis.kept = { request, ctx }; await fetch("https://a.example/"); return new Response(); }
    const errors = [];
    for (const use of [() => kept.request.text(), () => kept.ctx.waitUntil(null)]) try { await use(); errors.push("nothing"); } catch (error) { errors.push(error.message); }
    return Response.json(errors);
  } }`);
  await isolate.fetch("/keep", { method: "POST", body: [3, 2] });
  const out = await isolate.fetch("/use");
  for (const message of JSON.parse(String(only(out, "head")[4])) as string[]) {
    assert.match(message, "Cannot perform I/O on behalf of a different request.");
  }
});

test("cross-request: a promise shared between events settles both, each under its own name", async () => {
  using isolate = await worker(`{ async fetch(request) {
    globalThis.shared ??= fetch("https://a.example/").then((response) => response.status);
    setTimeout(() => {}, 1000);
    return new Response(String(await shared));
  } }`);
  await isolate.turn(isolate.request(), isolate.request());
  const out = await isolate.send(1, In.reply, 1, true, 7, 204, "", "", 0, null, "", false);
  assert.is(only(out, "head", 1)[4], "204");
  assert.is(only(out, "head", 2)[4], "204");
});

test("uncaught: a timer's error is an exception after the head and does not decide the answer", async () => {
  using isolate = await worker(
    `{ async fetch() { setTimeout(() => { throw new TypeError("in timer"); }, 1); await new Promise((resolve) => setTimeout(resolve, 2)); return new Response("fine"); } }`,
  );
  await isolate.fetch();
  const out = await isolate.send(1, In.timer, 1, In.timer, 2);
  assert.equal(types(out), ["head", "exception", "end"]);
  assert.equal(only(out, "exception").slice(0, 2), ["TypeError", "in timer"]);
});

test("reportError: reports against the current event", async () => {
  using isolate = await worker(`{ fetch() { reportError(new Error("reported")); return new Response(); } }`);
  assert.equal(types(await isolate.fetch()), ["head", "exception", "end"]);
});

test("floating rejection: fails its entry, not the event", async () => {
  using isolate = await worker(
    `{ fetch() { Promise.reject(new Error("floats")); return new Response("fine"); } }`,
  );
  assert.equal(types(await isolate.fetch()), ["head", "end"]);
  assert.is(isolate.rejections.length, 1);
  assert.match(isolate.rejections[0] as string, "floats");
});

test("runtime: patched intrinsics do not break it", async () => {
  using isolate = await worker(
    `{ async fetch(request) { const response = await fetch("https://a.example/"); return new Response(await response.text() + await request.text()); } }`,
    {
      before: `
      const broken = () => { throw new Error("patched"); };
      for (const proto of [Array.prototype, Map.prototype, Set.prototype, Promise.prototype, String.prototype, Object.getPrototypeOf(Uint8Array.prototype)])
        for (const key of Object.getOwnPropertyNames(proto)) {
          const found = Object.getOwnPropertyDescriptor(proto, key);
          if (typeof found.value === "function" && found.configurable && key !== "constructor" && key !== "then") Object.defineProperty(proto, key, { ...found, value: broken });
        }`,
    },
  );
  await isolate.fetch("/", { method: "POST", body: [1, "b"] });
  const out = await isolate.send(1, In.reply, 1, true, 7, 200, "", "", 1, "a", "https://a.example/", false);
  assert.equal(types(out), ["head", "end"]);
  assert.is(only(out, "head")[4], "ab");
});

test.run();

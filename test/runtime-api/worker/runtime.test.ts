import { test } from "uvu";
import * as assert from "uvu/assert";
import { Mark } from "../../../runtime-api/contract/boot.ts";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { In } from "../../../runtime-api/contract/in.ts";
import { decode, only, types, worker } from "./isolate-fixture.ts";

test("deliver: a request is answered by one head, an end and the slice's account", async () => {
  using isolate = await worker(
    `{ fetch: () => new Response("hello", { status: 201, headers: { "x-a": "b" } }) }`,
  );
  const out = await isolate.fetch();
  assert.equal(types(out), ["head", "end"]);
  const [status, , headers, kind, value] = only(out, "head");
  assert.equal([status, kind, value], [201, BodyKind.text, "hello"]);
  assert.match(String(headers), /x-a\nb/);
  assert.equal(only(out, "end"), [true]);
  assert.ok((only(out, "slice")[0] as number) >= 0);
  assert.is(out.at(-1)?.type, "slice");
});

test("deliver: the handler sees the request, env, ctx and its object", async () => {
  using isolate = await worker(
    `{ name: "it", async fetch(request, env, ctx) {
      return Response.json({ name: this.name, method: request.method, url: request.url, header: request.headers.get("x-b"),
        body: await request.text(), text: env.TEXT, json: env.JSON.a, props: ctx.props, cf: typeof request.cf });
    } }`,
    {
      env: [
        { name: "TEXT", type: "text", value: "t" },
        { name: "JSON", type: "json", value: { a: 1 } },
      ],
    },
  );
  const out = await isolate.fetch("/p?q=1", {
    method: "POST",
    headers: "x-b\n1\nx-b\n2",
    body: [BodyKind.text, "body"],
  });
  const text = only(out, "head")[4];
  assert.equal(JSON.parse(String(text)), {
    name: "it",
    method: "POST",
    url: "https://host.example/p?q=1",
    header: "1, 2",
    body: "body",
    text: "t",
    json: 1,
    props: {},
    cf: "object",
  });
});

test("deliver: events of one turn keep their own slices", async () => {
  using isolate = await worker(
    `{ fetch: async (request) => { await null; console.log(request.url); return new Response(new URL(request.url).pathname); } }`,
  );
  const out = await isolate.turn(isolate.request("/1"), isolate.request("/2"), isolate.request("/3"));
  assert.equal(
    out.filter(({ type }) => type === "head").map(({ event, fields }) => [event, fields[4]]),
    [
      [1, "/1"],
      [2, "/2"],
      [3, "/3"],
    ],
  );
  assert.equal(
    out.filter(({ type }) => type === "slice").map(({ event }) => event),
    [1, 2, 3],
  );
  assert.match(String(only(out, "log", 2)[1]), "https://host.example/2");
});

test("turn: one entry gives what the slice and its microtasks put out, and the next turn only its own", async () => {
  using isolate = await worker(`{ async fetch(request) {
    for (let i = 0; i < 20; i++) await null;
    console.log("late");
    return new Response(new URL(request.url).pathname);
  } }`);
  for (const path of ["/1", "/2"]) {
    const out = decode((await isolate.turnAlone(isolate.request(path)))!);
    assert.equal(types(out), ["log", "head", "end"]);
    assert.is(only(out, "head")[4], path);
  }
  // What `turn` gave is not given again by the turn after it, however that is run.
  assert.equal(types(await isolate.fetch("/3")), ["log", "head", "end"]);
  assert.equal(types(decode((await isolate.turnAlone(isolate.request("/4")))!)), ["log", "head", "end"]);
});

test("turn: collect gives the output of an entry that rejected", async () => {
  using isolate = await worker(
    `{ fetch() { Promise.reject(new Error("floats")); return new Response("hello"); } }`,
  );
  await isolate.turnAlone(isolate.request());
  assert.match(isolate.rejections.join(), "floats");
  assert.equal(types(await isolate.collect(0)), ["head", "end"]);
  assert.equal(await isolate.collect(0), []);
});

test("turn: collect closes the slice, and finds that its event is hung", async () => {
  using isolate = await worker(`{ fetch() { console.log("waits"); return new Promise(() => {}); } }`);
  const first = (await isolate.turnAlone(isolate.request()))!;
  assert.equal(types(decode(first)), ["log"]);
  const rest = await isolate.collect(first.length);
  assert.equal(types(rest), ["exception", "end"]);
  assert.match(String(only(rest, "exception")[1]), /hung/);
  assert.ok((only(rest, "slice")[0] as number) >= 0);
  assert.is(isolate.marks[Mark.event], -1);
});

test("turn: a worker that patches arrays sees nothing of what leaves", async () => {
  using isolate = await worker(`{ fetch: () => new Response(String(globalThis.seen)) }`, {
    before: `globalThis.seen = 0;
      for (let i = 0; i < 20; i++)
        Object.defineProperty(Array.prototype, i, { set() { globalThis.seen++; }, configurable: true });`,
  });
  const seen: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    const out = decode((await isolate.turnAlone(isolate.request()))!);
    assert.equal(types(out), ["head", "end"]);
    seen.push(only(out, "head")[4]);
  }
  // What came before the first turn is the load's.
  assert.equal(seen, [seen[0], seen[0], seen[0]]);
});

test("deliver: slices that travel together still have an entry, a clock and an account each", async () => {
  using isolate = await worker(`{
    async fetch(request) {
      const path = new URL(request.url).pathname;
      if (path === "/b") Promise.reject(new Error("floats in b"));
      for (let i = 0; i < 3; i++) await null;
      return new Response(path + " " + Date.now());
    },
  }`);
  const slices = ["/a", "/b", "/c"].map((path) => isolate.request(path)) as [Flat[], Flat[], Flat[]];
  for (let i = 0; i < 3; i++) slices[i]![1] = 1_000 + i;
  const records = await isolate.turnTogether(...slices);
  const bodies = records.filter(({ type }) => type === "head").map(({ event, fields }) => [event, fields[4]]);
  assert.equal(bodies, [
    [1, "/a 1000"],
    [2, "/b 1001"],
    [3, "/c 1002"],
  ]);
  assert.equal(
    records.filter(({ type }) => type === "slice").map(({ event }) => event),
    [1, 2, 3],
  );
  assert.equal(isolate.rejections.length, 1);
  assert.match(isolate.rejections[0]!, "floats in b");
});

test("deliver: marks name the event of the slice, and -1 after collect", async () => {
  using isolate = await worker(`{ fetch: () => new Response() }`);
  const before = isolate.marks[Mark.slice] as number;
  const turn = isolate.turn(isolate.request(), isolate.request());
  await turn;
  assert.is(isolate.marks[Mark.event], -1);
  assert.is(isolate.marks[Mark.slice], before + 2);
  assert.ok((isolate.marks[Mark.startUs] as number) >= 0);
});

test("deliver: the clock stands still within a slice and is the slice's", async () => {
  using isolate = await worker(
    `{ async fetch() { const a = Date.now(); for (let i = 0; i < 1e5; i++); await null; return Response.json([a, Date.now(), new Date().getTime()]); } }`,
  );
  isolate.clockMs = 1_600_000_000_123;
  assert.is(only(await isolate.fetch(), "head")[4], "[1600000000123,1600000000123,1600000000123]");
});

test("deliver: unknown and late records are dropped", async () => {
  using isolate = await worker(`{ fetch: () => new Response("ok") }`);
  assert.equal(types(await isolate.fetch()), ["head", "end"]);
  const late = await isolate.turn(
    [1, 0, In.timer, 1],
    [1, 0, In.chunk, 2, Uint8Array.of(1)],
    [1, 0, In.reply, 1, true, 0],
    [77, 0, In.abort, "x"],
    [1, 0, In.fetch, "GET", "https://a.example/", "", 0, null, "{}"],
    [0, 0, In.drop],
    [99],
  );
  assert.equal(types(late), []);
  assert.equal(types(await isolate.send(1, 1234, 5, 6)), []);
  assert.equal(types(await isolate.fetch()), ["head", "end"]);
});

test("fetch: is a call of slot 0 whose reply becomes a Response", async () => {
  using isolate = await worker(`{ async fetch() {
    const response = await fetch("https://origin.example/x", { method: "POST", body: "up" });
    return Response.json({ status: response.status, type: response.headers.get("content-type"), body: await response.text() });
  } }`);
  const first = await isolate.fetch();
  const [call, slot, op, , method, url, , kind, value, redirect] = only(first, "call");
  assert.equal(
    [slot, op, method, url, kind, value, redirect],
    [0, "fetch", "POST", "https://origin.example/x", BodyKind.text, "up", "follow"],
  );
  const second = await isolate.send(
    1,
    In.reply,
    call!,
    true,
    7,
    203,
    "",
    "content-type\ntext/x",
    BodyKind.text,
    "down",
    "https://origin.example/x",
    false,
  );
  assert.equal(JSON.parse(String(only(second, "head")[4])), { status: 203, type: "text/x", body: "down" });
  assert.equal(types(second), ["head", "end"]);
});

test("fetch: a reply that is not ok rejects with the named error", async () => {
  using isolate = await worker(`{ async fetch() {
    const errors = [];
    for (let i = 0; i < 3; i++) try { await fetch("https://origin.example/"); } catch (error) { errors.push([error instanceof TypeError, error.name, error.message]); }
    return Response.json(errors);
  } }`);
  await isolate.fetch();
  await isolate.send(1, In.reply, 1, false, 2, "TypeError", "no such host");
  await isolate.send(1, In.reply, 2, false, 2, "TimeoutError", "too late");
  const out = await isolate.send(1, In.reply, 3, false, 2, "Error", "internal error");
  assert.equal(JSON.parse(String(only(out, "head")[4])), [
    [true, "TypeError", "no such host"],
    [false, "TimeoutError", "too late"],
    [false, "Error", "internal error"],
  ]);
});

test("ctx.waitUntil: the event ends when its promises have settled, after the response", async () => {
  using isolate = await worker(`{ fetch(request, env, ctx) {
    ctx.waitUntil(fetch("https://a.example/").then(() => console.log("done")));
    return new Response("early");
  } }`);
  assert.equal(types(await isolate.fetch()), ["call", "head"]);
  const out = await isolate.send(1, In.reply, 1, true, 7, 200, "", "", 0, null, "https://a.example/", false);
  assert.equal(types(out), ["log", "end"]);
  assert.equal(only(out, "end"), [true]);
});

test("ctx.waitUntil: a rejection is an exception after the head, and the end is not ok", async () => {
  using isolate = await worker(
    `{ fetch(request, env, ctx) { ctx.waitUntil(Promise.reject(new Error("later"))); return (async () => { await null; await null; await null; return new Response("fine"); })(); } }`,
  );
  const out = await isolate.fetch();
  assert.equal(types(out), ["head", "exception", "end"]);
  assert.is(only(out, "exception")[1], "later");
  assert.equal(only(out, "end"), [false]);
});

test("ctx.passThroughOnException: is told to the host", async () => {
  using isolate = await worker(
    `{ fetch(request, env, ctx) { ctx.passThroughOnException(); throw new Error("x"); } }`,
  );
  assert.equal(types(await isolate.fetch()), ["passThrough", "exception", "end"]);
});

test("scheduled: the handler gets cron and time, and the event ends with it", async () => {
  using isolate = await worker(
    `{ async scheduled(controller, env, ctx) { controller.noRetry(); ctx.passThroughOnException(); await null; console.log(controller.cron, controller.scheduledTime, typeof ctx.waitUntil); } }`,
  );
  const out = await isolate.turn(isolate.scheduled("* * * * *", 123));
  assert.equal(types(out), ["log", "end"]);
  assert.is(only(out, "log")[1], "* * * * * 123 function");
  const refused = await isolate.fetch();
  assert.is(only(refused, "exception")[1], "Handler does not export a fetch() function.");
});

test("abort: request.signal aborts, and the event still ends by itself", async () => {
  using isolate = await worker(`{ fetch(request, env, ctx) {
    ctx.waitUntil(new Promise((resolve) => request.signal.addEventListener("abort", () => { console.log("aborted", request.signal.reason.name); resolve(); })));
    return fetch("https://a.example/", { signal: request.signal });
  } }`);
  await isolate.fetch();
  const out = await isolate.send(1, In.abort, "The client went away.");
  assert.is(only(out, "log")[1], "aborted AbortError");
  assert.ok(types(out).includes("uncall"));
  assert.is(types(out).at(-1), "end");
});

test("a fetch that is aborted cancels its body with the reason, and sends no end of it", async () => {
  using isolate = await worker(`{ async fetch() {
    const stop = new AbortController();
    let heard; const canceled = new Promise((resolve) => { heard = resolve; });
    const body = new ReadableStream({ cancel: heard });
    const answer = fetch("http://a/", { method: "POST", body, duplex: "half", signal: stop.signal });
    stop.abort("enough");
    return Response.json([await answer.catch((error) => error), await canceled]);
  } }`);
  const records = await isolate.fetch();
  assert.equal(types(records), ["call", "uncall", "head", "end"]);
  assert.is(only(records, "head")[4], '["enough","enough"]');
});

test("drop: the event sends nothing more, whatever its code does", async () => {
  using isolate = await worker(
    `{ async fetch() { globalThis.go = Promise.withResolvers(); setTimeout(() => {}, 10); await go.promise; console.log("late"); return new Response("late"); } , scheduled() { go.resolve(); } }`,
  );
  await isolate.fetch();
  assert.equal(types(await isolate.send(1, In.drop)), []);
  assert.equal(types(await isolate.turn(isolate.scheduled("", 0)), 1), []);
  assert.equal(types(await isolate.send(1, In.timer, 1)), []);
});

test("output: an event that puts out too much in one turn fails, the next one works", async () => {
  using isolate = await worker(`{ async fetch(request) {
    if (request.url.endsWith("/flood")) for (let i = 0; i < 30000; i++) clearTimeout(setTimeout(() => {}, 1));
    return new Response("fine");
  } }`);
  const out = await isolate.fetch("/flood");
  assert.equal(types(out).slice(-2), ["exception", "end"]);
  assert.match(String(only(out, "exception")[1]), "20000 operations");
  assert.ok(out.length <= 20_001);
  assert.equal(types(await isolate.fetch()), ["head", "end"]);
});

test("log: an event's lines are bounded, and say so", async () => {
  using isolate = await worker(
    `{ fetch() { for (let i = 0; i < 2000; i++) console.log(i); return new Response(); } }`,
  );
  const logs = (await isolate.fetch()).filter(({ type }) => type === "log");
  assert.is(logs.length, 1001);
  assert.match(String(logs.at(-1)?.fields[1]), "Log limit");
});

test("calls: too many at once reject with a clear error", async () => {
  using isolate = await worker(`{ async fetch() {
    const calls = []; for (let i = 0; i < 2001; i++) calls.push(fetch("https://a.example/"));
    try { await calls[2000]; } catch (error) { return new Response(error.message); }
  } }`);
  const out = await isolate.fetch();
  assert.is(out.filter(({ type }) => type === "call").length, 2000);
  assert.match(String(only(out, "head")[4]), "2000");
});

test("a patched then is not used by what the runtime promises", async () => {
  using isolate = await worker(
    `{ async fetch(request, env, ctx) {
      const response = await fetch("https://a.example/");
      const size = (await response.bytes()).length;
      const digest = await crypto.subtle.digest("SHA-1", new Uint8Array(1));
      ctx.waitUntil(Promise.resolve());
      return Response.json([size, digest.byteLength, await env.KV.get("k")]);
    } }`,
    {
      env: [{ name: "KV", type: "kv", slot: 1 }],
      before: `Promise.prototype.then = () => { throw new Error("then was used"); };`,
    },
  );
  const calls = await isolate.fetch();
  assert.is(only(calls, "call")[2], "fetch");
  const digest = await isolate.send(
    1,
    In.reply,
    1,
    true,
    7,
    200,
    "OK",
    "",
    3,
    2,
    "https://a.example/",
    false,
  );
  assert.ok(types(digest).includes("credit"), JSON.stringify(digest));
  const asked = await isolate.send(1, In.chunk, 2, Uint8Array.of(1, 2, 3), In.close, 2);
  assert.is(only(asked, "call")[2], "digest", JSON.stringify(asked));
  const got = await isolate.send(1, In.reply, 2, true, 1, new Uint8Array(20));
  assert.is(only(got, "call")[2], "get", JSON.stringify(got));
  const answer = await isolate.send(1, In.reply, 3, true, 4, true, 1, "v", null);
  assert.is(only(answer, "head")[4], '[3,20,"v"]', JSON.stringify(answer));
});

test.run();

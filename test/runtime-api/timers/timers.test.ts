import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, types, worker } from "../worker/isolate-fixture.ts";

test("setTimeout: arms a timer of the cell, and calls back with its arguments", async () => {
  using isolate = await worker(`{ async fetch() {
    const text = await new Promise((resolve) => setTimeout((a, b) => resolve(a + b), 12.7, "a", "b"));
    return new Response(text);
  } }`);
  const first = await isolate.fetch();
  assert.equal(only(first, "timerSet"), [1, 12]);
  assert.is(only(await isolate.send(1, In.timer, 1), "head")[4], "ab");
});

test("setTimeout: delays are numbers from 1, and odd ones are 1", async () => {
  using isolate = await worker(`{ fetch(request, env, ctx) {
    ctx.waitUntil(new Promise((resolve) => setTimeout(resolve, 1)));
    for (const delay of [undefined, 0, -5, NaN, "7", "x", 2 ** 31, null]) setTimeout(() => {}, delay);
    return new Response();
  } }`);
  const out = await isolate.fetch();
  assert.equal(
    out.filter(({ type }) => type === "timerSet").map(({ fields }) => fields[1]),
    [1, 1, 1, 1, 1, 7, 1, 1, 1],
  );
});

test("setTimeout: refuses what is no function, and gives positive numbers as ids", async () => {
  using isolate = await worker(`{ fetch() {
    const ids = [setTimeout(() => {}), setInterval(() => {}, 5)];
    let name; try { setTimeout("code()", 1); } catch (error) { name = error.name; }
    return Response.json([ids.every((id) => Number.isInteger(id) && id > 0), ids[0] !== ids[1], name]);
  } }`);
  assert.is(only(await isolate.fetch(), "head")[4], '[true,true,"TypeError"]');
});

test("clearTimeout: takes back a timer of its event only, and ignores the rest", async () => {
  using isolate = await worker(`{ async fetch(request) {
    if (request.url.endsWith("/arm")) { await new Promise((resolve) => { globalThis.id = setTimeout(resolve, 100); }); return new Response("fired"); }
    clearTimeout(globalThis.id); clearTimeout(); clearTimeout(-1); clearTimeout({}); clearInterval(null);
    clearTimeout(setTimeout(() => {}, 5));
    return new Response("cleared");
  } }`);
  await isolate.fetch("/arm");
  const out = await isolate.fetch("/clear");
  assert.equal(types(out), ["timerSet", "timerClear", "head", "end"]);
  assert.is(only(await isolate.send(1, In.timer, 1), "head")[4], "fired");
});

test("setInterval: is armed again after each call until it is cleared, also by itself", async () => {
  using isolate = await worker(`{ fetch(request, env, ctx) {
    let count = 0;
    ctx.waitUntil(new Promise((resolve) => { const id = setInterval(() => { console.log(++count); if (count === 2) { clearInterval(id); resolve(); } }, 5); }));
    return new Response();
  } }`);
  assert.equal(only(await isolate.fetch(), "timerSet"), [1, 5]);
  const second = await isolate.send(1, In.timer, 1);
  assert.equal(types(second), ["log", "timerSet"]);
  assert.equal(only(second, "timerSet"), [2, 5]);
  const third = await isolate.send(1, In.timer, 2);
  assert.equal(types(third), ["log", "end"]);
});

test("setInterval: one that throws goes on", async () => {
  using isolate = await worker(
    `{ fetch(request, env, ctx) { ctx.waitUntil(new Promise((resolve) => setTimeout(resolve, 50))); setInterval(() => { throw new Error("tick"); }, 5); return new Response(); } }`,
  );
  await isolate.fetch();
  assert.equal(types(await isolate.send(1, In.timer, 2)), ["exception", "timerSet"]);
});

test("timers: nested ones run in their own slices, several in one slice in order", async () => {
  using isolate = await worker(`{ async fetch() {
    const seen = [];
    setTimeout(() => { seen.push("a"); setTimeout(() => seen.push("nested"), 1); }, 1);
    setTimeout(() => seen.push("b"), 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return new Response(seen.join());
  } }`);
  await isolate.fetch();
  const second = await isolate.send(1, In.timer, 1, In.timer, 2);
  assert.equal(only(second, "timerSet"), [4, 1]);
  await isolate.send(1, In.timer, 4);
  assert.is(only(await isolate.send(1, In.timer, 3), "head")[4], "a,b,nested");
});

test("timers: too many throw", async () => {
  using isolate = await worker(
    `{ fetch() { try { for (;;) setTimeout(() => {}, 1); } catch (error) { return new Response(error.message); } } }`,
  );
  const out = await isolate.fetch();
  assert.is(out.filter(({ type }) => type === "timerSet").length, 10_000);
  assert.match(String(only(out, "head")[4]), "Too many timers");
});

test.run();

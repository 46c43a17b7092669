import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { In } from "../../../runtime-api/contract/in.ts";
import { type Emitted, only, type TestIsolate, types, worker } from "../worker/isolate-fixture.ts";

/** A worker whose handler answers with the JSON of what `code` gives. */
function cacheWorker(code: string, before = ""): Promise<TestIsolate> {
  return worker(
    `{ async fetch(request) { try { return Response.json(await (${code})(caches.default, request)); } catch (error) { return Response.json({ error: error.name + ": " + error.message }); } } }`,
    { before },
  );
}

function answer(records: readonly Emitted[]): unknown {
  return JSON.parse(String(only(records, "head")[4]));
}

/** Runs `code` with one call, answered by `values`; gives the call's operation and arguments, and the result. */
async function one(code: string, values: Flat[]): Promise<{ call: readonly Flat[]; result: unknown }> {
  using isolate = await cacheWorker(code);
  const call = only(await isolate.fetch(), "call");
  const records = await isolate.send(1, In.reply, call[0] as number, true, values.length, ...values);
  return { call: [call[1]!, call[2]!, ...call.slice(4)], result: answer(records) };
}

/** Runs `code`, which makes no call, and gives its result. */
async function none(code: string): Promise<unknown> {
  using isolate = await cacheWorker(code);
  const records = await isolate.fetch();
  assert.not(types(records).includes("call"));
  return answer(records);
}

const MISS = [false, 0, "", "", BodyKind.none, null] as const;

test("Cache.match asks for cache, URL without fragment, and headers; a hit is a Response", async () => {
  const miss = await one("async (cache) => String(await cache.match('http://A/x#y'))", [...MISS]);
  assert.equal(miss.call, [0, "cacheMatch", null, "http://a/x", ""]);
  assert.is(miss.result, "undefined");
  const hit = await one(
    `async () => {
      const cache = await caches.open("n\u00e4me");
      const hit = await cache.match(new Request("http://a/", { headers: { "x-a": "1" } }), { ignoreMethod: 0 });
      let guard; try { hit.headers.set("a", "b"); } catch (error) { guard = error.name; }
      return [hit.status, hit.statusText, hit.headers.get("age"), await hit.text(), hit.url, hit instanceof Response, guard];
    }`,
    [true, 203, "Fine", "age\n5", BodyKind.text, "body"],
  );
  assert.equal(hit.call, [0, "cacheMatch", "näme", "http://a/", "x-a\n1"]);
  assert.equal(hit.result, [203, "Fine", "5", "body", "", true, "TypeError"]);
});

test("Cache.put sends status, headers and body, and uses the body up at once", async () => {
  const put = await one(
    `async (cache) => {
      const response = new Response("body", { status: 201, statusText: "Made", headers: { "x-b": "2" } });
      const done = cache.put(new Request("http://a/", { headers: { "x-a": "1" } }), response);
      const used = response.bodyUsed;
      return [String(await done), used];
    }`,
    ["stored"],
  );
  assert.equal(put.call, [
    0,
    "cachePut",
    null,
    "http://a/",
    "x-a\n1",
    201,
    "Made",
    "x-b\n2\ncontent-type\ntext/plain;charset=UTF-8",
    BodyKind.text,
    "body",
  ]);
  assert.equal(put.result, ["undefined", true]);
  assert.is(
    (await one("async (cache) => cache.put('http://a/', new Response())", ["ignored"])).call[8],
    BodyKind.none,
  );
  const deleted = await one("(cache) => cache.delete('http://a/')", [true]);
  assert.equal(deleted.call, [0, "cacheDelete", null, "http://a/", ""]);
  assert.is(deleted.result, true);
});

test("Cache.put passes the body of an origin's response on by its id, and a hit goes out by its id too", async () => {
  using isolate = await worker(
    `{ async fetch(request) {
      await caches.default.put("http://a/", await fetch("http://a/"));
      return caches.default.match("http://a/");
    } }`,
  );
  const fetched = only(await isolate.fetch(), "call");
  const origin = [200, "OK", "etag\n1", BodyKind.stream, 2, "http://a/", false];
  const put = only(
    await isolate.send(1, In.reply, fetched[0] as number, true, origin.length, ...origin),
    "call",
  );
  assert.equal(put.slice(-2), [BodyKind.ref, 2]);
  const match = only(await isolate.send(1, In.reply, put[0] as number, true, 1, "stored"), "call");
  const hit = [true, 200, "OK", "age\n0", BodyKind.stream, 4];
  const head = only(await isolate.send(1, In.reply, match[0] as number, true, hit.length, ...hit), "head");
  assert.equal(head.slice(3), [BodyKind.ref, 4]);
});

test("a clone of an origin's response goes out as a copy, and the response by its id, in any order", async () => {
  const origin = [200, "OK", "", BodyKind.stream, 2, "http://a/", false];
  const run = async (code: string): Promise<Emitted[]> => {
    using isolate = await worker(
      `{ async fetch(request, env, ctx) { const response = await fetch("http://a/"); ${code} } }`,
    );
    const fetched = only(await isolate.fetch(), "call");
    return await isolate.send(1, In.reply, fetched[0] as number, true, origin.length, ...origin);
  };
  const bodies = (records: readonly Emitted[]): unknown[] =>
    records.filter(({ type }) => type === "call" || type === "head").map(({ fields }) => fields.slice(-2));
  const put = "ctx.waitUntil(caches.default.put('http://a/', CLONE));";
  assert.equal(bodies(await run(`${put.replace("CLONE", "response.clone()")} return response;`)), [
    [BodyKind.copy, 2],
    [BodyKind.ref, 2],
  ]);
  assert.equal(
    bodies(await run(`const copy = response.clone(); ${put.replace("CLONE", "response")} return copy;`)),
    [
      [BodyKind.copy, 2],
      [BodyKind.ref, 2],
    ],
  );
  const three = `const one = response.clone(), two = one.clone(); ${put.replace("CLONE", "two")} ${put.replace("CLONE", "response")} return one;`;
  assert.equal(bodies(await run(three)), [
    [BodyKind.copy, 2],
    [BodyKind.copy, 2],
    [BodyKind.ref, 2],
  ]);
  // The clone's stream was asked for, but not read.
  assert.equal(
    bodies(
      await run(
        `const copy = response.clone(); void copy.body; ${put.replace("CLONE", "copy")} return response;`,
      ),
    ),
    [
      [BodyKind.copy, 2],
      [BodyKind.ref, 2],
    ],
  );
});

test("clones of a response that is read in the isolate have all its bytes, before and after copies went out", async () => {
  using isolate = await worker(
    `{ async fetch(request, env, ctx) {
      const response = await fetch("http://a/");
      const [one, two, three] = [response.clone(), response.clone(), response.clone()];
      ctx.waitUntil(caches.default.put("http://a/", two));
      const texts = [await one.text(), await three.clone().text(), await three.text(), await response.text()];
      return new Response(texts.join());
    } }`,
  );
  const fetched = only(await isolate.fetch(), "call");
  const origin = [200, "OK", "", BodyKind.stream, 2, "http://a/", false];
  const records = await isolate.send(1, In.reply, fetched[0] as number, true, origin.length, ...origin);
  assert.equal(types(records), ["call", "credit"]);
  await isolate.send(1, In.chunk, 2, new TextEncoder().encode("text"));
  const head = only(await isolate.send(1, In.close, 2), "head");
  assert.is(head[4], "text,text,text,text");
});

test("methods other than GET find nothing, unless they are ignored", async () => {
  assert.equal(
    await none(
      "async (cache) => [String(await cache.match(new Request('http://a/', { method: 'HEAD' }))), await cache.delete(new Request('http://a/', { method: 'POST' }), {})]",
    ),
    ["undefined", false],
  );
  const code =
    "async (cache) => String(await cache.match(new Request('http://a/', { method: 'POST', body: 'x' }), { ignoreMethod: true }))";
  assert.equal((await one(code, [...MISS])).call.slice(1, 4), ["cacheMatch", null, "http://a/"]);
});

test("a request that a cache is asked for keeps its body", async () => {
  const kept = await one(
    "async (cache) => { const asked = new Request('http://a/', { method: 'POST', body: 'x' }); await cache.match(asked, { ignoreMethod: true }); return asked.text(); }",
    [...MISS],
  );
  assert.is(kept.result, "x");
});

test("put of a 304 or of what is too large leaves it out with a warning", async () => {
  using small = await cacheWorker(
    "async (cache) => String(await cache.put('http://a/', new Response(null, { status: 304 })))",
  );
  const records = await small.fetch();
  assert.equal([answer(records), only(records, "log")[0]], ["undefined", "warn"]);
  using large = await cacheWorker("async (cache) => String(await cache.put('http://a/', new Response('x')))");
  const call = only(await large.fetch(), "call");
  const late = await large.send(1, In.reply, call[0] as number, true, 1, "tooLarge");
  assert.equal([answer(late), only(late, "log")[0]], ["undefined", "warn"]);
});

test("caches cannot be used in the global scope, nor can their interfaces be made", async () => {
  assert.equal(
    await none(
      `async () => {
      const caught = async (make) => { try { await make(); } catch (error) { return error.name + ": " + error.message; } };
      return [await caught(() => new Cache()), await caught(() => new CacheStorage()), await caught(() => Cache.prototype.match.call({}, "http://a/")), await caught(() => CacheStorage.prototype.open.call({}, "x"))];
    }`,
    ).then((errors) => (errors as string[]).map((text) => text.split(":")[0])),
    ["TypeError", "TypeError", "TypeError", "TypeError"],
  );
  using isolate = await cacheWorker(
    "async () => early",
    "const early = caches.default.match('http://a/').then(() => 'it worked', (error) => error.message);",
  );
  assert.match(String(answer(await isolate.fetch())), "Disallowed operation called within global scope");
});

test("caches, Cache and CacheStorage are globals like others, though nothing of them runs before they are asked for", async () => {
  const shape = await none(`async () => {
    const of = (name) => { const d = Object.getOwnPropertyDescriptor(globalThis, name); return [d.enumerable, d.writable, d.configurable, typeof d.value]; };
    return {
      caches: of("caches"), Cache: of("Cache"), CacheStorage: of("CacheStorage"),
      tags: [String(caches), String(caches.default)], names: [Cache.name, CacheStorage.name, Cache.length],
      members: [Object.keys(Cache.prototype), Object.keys(CacheStorage.prototype)],
      lengths: ["match", "put", "delete", "add", "addAll", "matchAll", "keys"].map((name) => Cache.prototype[name].length),
      same: [caches.default === caches.default, caches instanceof CacheStorage, caches.default instanceof Cache],
    };
  }`);
  assert.equal(shape, {
    caches: [true, true, true, "object"],
    Cache: [false, true, true, "function"],
    CacheStorage: [false, true, true, "function"],
    tags: ["[object CacheStorage]", "[object Cache]"],
    names: ["Cache", "CacheStorage", 0],
    members: [
      ["match", "put", "delete", "add", "addAll", "matchAll", "keys"],
      ["default", "open", "delete", "has", "keys", "match"],
    ],
    lengths: [1, 2, 1, 1, 1, 0, 0],
    same: [true, true, true],
  });
});

test.run();

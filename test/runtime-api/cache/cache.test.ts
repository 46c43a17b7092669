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

test("a cache with a name is told where a response came from, and of the URL's fragment; its hits say so again", async () => {
  using isolate = await worker(
    `{ async fetch(request) {
      const cache = await caches.open("n");
      await cache.put("http://a/#f", await fetch("http://a/"));
      const hit = await cache.match("http://a/#g");
      return Response.json([hit.type, hit.url, hit.redirected]);
    } }`,
  );
  const fetched = only(await isolate.fetch(), "call");
  const origin = [200, "OK", "", BodyKind.text, "x", "http://b/", true];
  const put = only(
    await isolate.send(1, In.reply, fetched[0] as number, true, origin.length, ...origin),
    "call",
  );
  assert.equal(put.slice(4, 6), ["n", "http://a/#f"]);
  assert.equal(put.slice(-5), [BodyKind.text, "x", "basic", "http://b/", true]);
  const match = only(await isolate.send(1, In.reply, put[0] as number, true, 1, "stored"), "call");
  assert.equal(match.slice(-3), ["n", "http://a/", ""]);
  const hit = [true, 200, "OK", "", BodyKind.text, "x", "basic", "http://b/", true];
  assert.equal(answer(await isolate.send(1, In.reply, match[0] as number, true, hit.length, ...hit)), [
    "basic",
    "http://b/",
    true,
  ]);
});

test("Cache.put hands an error response to caches with a name only, and a data: URL goes along without its length", async () => {
  const put = await one("async () => (await caches.open('n')).put('http://a/', Response.error())", [
    "stored",
  ]);
  assert.equal(put.call.slice(2), ["n", "http://a/", "", 0, "", "", BodyKind.none, null, "error", "", false]);
  assert.equal(await none("(cache) => cache.put('http://a/', Response.error())"), {
    error: "TypeError: Cache is unable to store an error response",
  });
  const long = await one(
    "async () => (await caches.open('n')).put('http://a/', await fetch('data:,' + 'x'.repeat(20_000)))",
    ["stored"],
  );
  assert.equal(long.call.slice(-3), ["basic", "", false]);
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
  assert.equal(head.slice(3, 5), [BodyKind.ref, 4]);
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
    records
      .filter(({ type }) => type === "call" || type === "head")
      .map(({ type, fields }) => (type === "head" ? fields.slice(3, 5) : fields.slice(-2)));
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

test("keys goes over all parts of the list, and gives requests in the order of storing", async () => {
  using isolate = await cacheWorker(`async () => {
    const cache = await caches.open("n");
    const found = await cache.keys();
    return [found.map(({ url, method, headers, signal }) => [url, method, [...headers], signal.aborted]), Object.isFrozen(found), found[0] instanceof Request];
  }`);
  const first = only(await isolate.fetch(), "call");
  assert.equal([first[2], ...first.slice(4)], ["cacheList", "n", null, "", 0, 0]);
  const page = [7, 5, "http://a/b", ""];
  const second = only(
    await isolate.send(1, In.reply, first[0] as number, true, page.length, ...page),
    "call",
  );
  assert.is(second.at(-1), 7);
  const rest = [0, 2, "http://a/a", "x-a\n1"];
  const last = await isolate.send(1, In.reply, second[0] as number, true, rest.length, ...rest);
  assert.equal(answer(last), [
    [
      ["http://a/a", "GET", [["x-a", "1"]], false],
      ["http://a/b", "GET", [], false],
    ],
    true,
    true,
  ]);
});

test("matchAll reads what the list named, but for what went meanwhile; options become a number", async () => {
  using isolate = await cacheWorker(
    `async (cache) => Promise.all((await cache.matchAll("http://a/", { ignoreSearch: 1, ignoreVary: true })).map((hit) => hit.text()))`,
  );
  const list = only(await isolate.fetch(), "call");
  assert.equal(list.slice(-5), [null, "http://a/", "", 3, 0]);
  const page = [0, 1, "http://a/?1", "", 2, "http://a/?2", ""];
  const gone = only(await isolate.send(1, In.reply, list[0] as number, true, page.length, ...page), "call");
  assert.equal(gone.slice(-3), [null, "http://a/?1", 1]);
  const read = only(await isolate.send(1, In.reply, gone[0] as number, true, MISS.length, ...MISS), "call");
  assert.equal(read.slice(-3), [null, "http://a/?2", 2]);
  const hit = [true, 200, "", "", BodyKind.text, "two"];
  assert.equal(answer(await isolate.send(1, In.reply, read[0] as number, true, hit.length, ...hit)), ["two"]);
  assert.equal(await none("(cache) => cache.keys(new Request('http://a/', { method: 'HEAD' }))"), []);
});

test("a cache that was opened is there in its isolate without a call, until it is deleted", async () => {
  assert.is(await none("async () => { await caches.open('x'); return caches.has('x'); }"), true);
  const listed = await one(
    "async () => { await caches.open('b'); await caches.open('a'); return caches.keys(); }",
    [false, "a", "c"],
  );
  assert.equal(listed.call.slice(1), ["cacheNames", null]);
  assert.equal(listed.result, ["b", "a", "c"]);
  const deleted = await one("async () => { await caches.open('x'); return caches.delete('x'); }", [false]);
  assert.equal([deleted.call.slice(1), deleted.result], [["cacheDrop", "x"], true]);
  const other = await one("() => caches.has('y')", [true]);
  assert.equal([other.call.slice(1), other.result], [["cacheHas", "y"], true]);
});

test("Cache.put refuses a body that was encoded by hand, and only that", async () => {
  const put = (init: string, body = "'x'"): string =>
    `async (cache) => { await cache.put('http://a/', new Response(${body}, ${init})); }`;
  const refused = (await none(put("{ encodeBody: 'manual', headers: { 'Content-Encoding': 'gzip' } }"))) as {
    error: string;
  };
  assert.match(refused.error, /^TypeError: Cannot cache a response made with encodeBody: 'manual'/);
  for (const init of ["{ encodeBody: 'manual' }", "{ headers: { 'Content-Encoding': 'gzip' } }"])
    assert.is((await one(put(init), ["stored"])).call[1], "cachePut", init);
});

test("caches.match asks all caches with a name, or one", async () => {
  const any = await one("async () => String(await caches.match('http://a/'))", [...MISS]);
  assert.equal(any.call.slice(1), ["cacheMatch", null, "http://a/", "", 4]);
  const named = await one(
    "async () => String(await caches.match('http://a/', { cacheName: 'n', ignoreVary: true }))",
    [...MISS],
  );
  assert.equal(named.call.slice(1), ["cacheMatch", "n", "http://a/", "", 2]);
});

test("add refuses what is no GET over HTTP before anything is fetched, and what is not ok after it", async () => {
  const refused = await none(`async (cache) => {
    const names = [];
    for (const run of [() => cache.add(), () => cache.add("x:y"), () => cache.add(new Request("http://a/", { method: "POST" })), () => cache.addAll(5), () => cache.addAll(), () => cache.addAll(["http://a/", undefined]), () => cache.addAll(Array(101).fill("http://a/")), () => Cache.prototype.add.call({}, "http://a/")])
      try { await run(); names.push("none"); } catch (error) { names.push(error.name); }
    return [names, String(await cache.addAll([]))];
  }`);
  assert.equal(refused, [Array(8).fill("TypeError"), "undefined"]);
  const status = async (status: number, headers = ""): Promise<unknown> =>
    (
      await one("(cache) => cache.add('http://a/')", [
        status,
        "",
        headers,
        BodyKind.none,
        null,
        "http://a/",
        false,
      ])
    ).result;
  assert.equal(await status(404), { error: "TypeError: Cannot cache a response with status 404." });
  assert.equal(await status(206), { error: "TypeError: Cannot cache a response with status 206." });
  assert.equal(await status(200, "vary\n*"), {
    error: "TypeError: Cannot cache response with 'Vary: *' header.",
  });
});

test("addAll puts nothing before all are there, hands bodies on by their ids, and refuses the same twice", async () => {
  const fetchBoth = async (
    code: string,
    headers: string,
  ): Promise<{ records: Emitted[]; isolate: TestIsolate }> => {
    const isolate = await cacheWorker(code);
    const calls = (await isolate.fetch()).filter(({ type }) => type === "call").map(({ fields }) => fields);
    assert.is(calls.length, 2);
    const reply = async (call: readonly Flat[], stream: number): Promise<Emitted[]> => {
      const values = [200, "OK", headers, BodyKind.stream, stream, "http://a/", false];
      return await isolate.send(1, In.reply, call[0] as number, true, values.length, ...values);
    };
    assert.equal(types(await reply(calls[1]!, 4)), []);
    return { records: await reply(calls[0]!, 2), isolate };
  };
  const good = await fetchBoth("(cache) => cache.addAll(['http://a/1', new URL('http://a/2')])", "");
  const first = only(good.records, "call");
  assert.equal([first[2], first[5], ...first.slice(-2)], ["cachePut", "http://a/1", BodyKind.ref, 2]);
  const second = only(await good.isolate.send(1, In.reply, first[0] as number, true, 1, "stored"), "call");
  assert.equal([second[5], ...second.slice(-2)], ["http://a/2", BodyKind.ref, 4]);
  good.isolate[Symbol.dispose]();
  const asked = (shape: string): string => `new Request("http://a/", { headers: { "x-shape": "${shape}" } })`;
  const twice = `(cache) => cache.addAll([${asked("circle")}, ${asked("square")}])`;
  const same = await fetchBoth(twice, "vary\nx-size");
  assert.match(String((answer(same.records) as { error: string }).error), "InvalidStateError");
  same.isolate[Symbol.dispose]();
  const distinct = await fetchBoth(twice, "vary\nx-size, X-Shape");
  assert.is(only(distinct.records, "call")[2], "cachePut");
  distinct.isolate[Symbol.dispose]();
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

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HostOptions } from "../../src/index.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { CELLS, closeHosts, type Fixture, makeHost, until, upload } from "./fixture.ts";

type Cell = (typeof CELLS)[number];

const LIMITS = { cpuMs: 5_000, subrequests: 1_000 };

/** Runs a piece of a worker's code on a host, and gives what it returns. */
async function runOn(at: Fixture, body: string, name = "cache", account = "default"): Promise<unknown> {
  const worker = await at.host.deploy(
    upload(
      name,
      `export default { async fetch(request, env, ctx) {
    const caught = async (make) => { try { await make(); return "no error"; } catch (error) { return error.name + ": " + error.message; } };
    const fresh = (body, more) => new Response(body, { headers: { "cache-control": "max-age=60", ...more } });
    const cache = caches.default;
    const result = await (async () => { ${body} })();
    return Response.json(result ?? null);
  } };`,
      { limits: LIMITS, account },
    ),
  );
  const answer = await worker.fetch("http://cache/");
  const text = await answer.text();
  assert.is(answer.status, 200, `${text} ${JSON.stringify(at.logs)}`);
  return JSON.parse(text);
}

async function run(cell: Cell, body: string, options: HostOptions = {}): Promise<unknown> {
  await using at = await makeHost({ cell, ...options });
  return await runOn(at, body);
}

/** An origin on loopback that counts its requests. */
async function origin(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; seen: number } & Disposable> {
  const server = createServer((request, response) => {
    at.seen++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: 0,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return at;
}

const LOOPBACK = { egress: { allowAddresses: ["127.0.0.1/32"] } };

for (const cell of CELLS) {
  test(`caches give back what was put, small and large, text and streams (${cell})`, async () => {
    assert.equal(
      await run(
        cell,
        `
      const large = "0123456789".repeat(50_000);
      await cache.put("http://a/small", fresh("wörds", { "x-mark": "1", "content-type": "text/plain" }));
      await cache.put(new URL("http://a/large"), fresh(large));
      await cache.put(new Request("http://a/stream"), fresh(new Response(large).body));
      await cache.put("http://a/none", fresh(null));
      const small = await cache.match("http://a/small");
      const got = async (url) => (await (await cache.match(url)).text()) === large;
      return {
        text: await small.text(), headers: [small.headers.get("x-mark"), small.headers.get("content-type"), small.headers.get("cf-cache-status")],
        large: await got("http://a/large"), stream: await got(new Request("http://a/stream")), none: (await cache.match("http://a/none")).body,
        missing: (await cache.match("http://a/other")) === undefined, named: (await (await caches.open("n")).match("http://a/small")) === undefined,
        deleted: [await cache.delete("http://a/small"), await cache.delete("http://a/small")],
      };`,
      ),
      {
        text: "wörds",
        headers: ["1", "text/plain", "HIT"],
        large: true,
        stream: true,
        none: null,
        missing: true,
        named: true,
        deleted: [true, false],
      },
    );
  });

  test(`a cache with a name gives back what was put as it was put, errors too (${cell})`, async () => {
    using at = await origin((_request, response) => {
      response.writeHead(200, { "cache-control": "max-age=60", "x-mark": "1" }).end("origin");
    });
    assert.equal(
      await run(
        cell,
        `
      const named = await caches.open("n");
      await named.put("http://a/own", fresh("x", { age: "3", etag: '"v1"' }));
      await named.put("http://a/origin", await fetch("${at.url}/from"));
      await named.put("http://a/error", Response.error());
      const own = await named.match(new Request("http://a/own", { headers: { "if-none-match": '"v1"' } }));
      const origin = await caches.match("http://a/origin");
      const [, , error] = await named.matchAll();
      return {
        own: [own.status, own.type, own.url, [...own.headers]], text: await own.text(),
        origin: [origin.type, origin.url, origin.redirected, origin.headers.get("x-mark"), origin.headers.has("age"), await origin.text()],
        error: [error.type, error.status, error.body, error.ok], refused: await caught(() => cache.put("http://a/error", Response.error())),
      };`,
        LOOPBACK,
      ),
      {
        own: [
          200,
          "default",
          "",
          [
            ["age", "3"],
            ["cache-control", "max-age=60"],
            ["content-type", "text/plain;charset=UTF-8"],
            ["etag", '"v1"'],
          ],
        ],
        text: "x",
        origin: ["basic", `${at.url}/from`, false, "1", false, "origin"],
        error: ["error", 0, null, false],
        refused: "TypeError: Cache is unable to store an error response",
      },
    );
  });

  test(`an error response out of a cache is no answer to a request (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "error",
        `export default { async fetch() {
          const cache = await caches.open("n");
          await cache.put("http://a/", Response.error());
          return cache.match("http://a/");
        } };`,
      ),
    );
    assert.is((await worker.fetch("http://error/")).status, 500);
  });

  test(`caches answer conditional requests and ranges (${cell})`, async () => {
    assert.equal(
      await run(
        cell,
        `
      const body = "0123456789".repeat(20_000);
      await cache.put("http://a/", fresh(body, { etag: '"v1"' }));
      const ask = (headers) => cache.match(new Request("http://a/", { headers }));
      const part = await ask({ range: "bytes=100001-100004" });
      const last = await ask({ range: "bytes=-3" });
      return {
        same: (await ask({ "if-none-match": '"v1"' })).status, other: (await ask({ "if-none-match": '"v2"' })).status,
        part: [part.status, await part.text(), part.headers.get("content-range")], last: await last.text(),
        outside: (await ask({ range: "bytes=999999-" })).status,
      };`,
      ),
      {
        same: 304,
        other: 200,
        part: [206, "1234", "bytes 100001-100004/200000"],
        last: "789",
        outside: 416,
      },
    );
  });

  test(`caches refuse what Cloudflare refuses, with its words (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const errors = (await runOn(
      at,
      `
      const used = fresh("x"); await used.text();
      const silent = async (response) => { await cache.put("http://s/", response); return (await cache.match("http://s/")) === undefined; };
      return [
        await caught(() => cache.put(new Request("http://a/", { method: "POST" }), fresh("x"))),
        await caught(() => cache.put("http://a/", new Response("x", { status: 206 }))),
        await caught(() => cache.put("http://a/", fresh("x", { vary: "accept, *" }))),
        await caught(() => cache.put("http://a/", used)), await caught(() => cache.put("http://a/", "x")),
        await caught(() => cache.put("http://a/", Response.error())), await caught(() => cache.put("http://a/")),
        await caught(() => cache.put("/relative", fresh("x"))), await caught(() => cache.match("data:,x")),
        await caught(() => cache.add("data:,x")), await caught(() => cache.addAll(["x"])), await caught(() => new Cache()),
        await caught(() => caches.open("n".repeat(1024))),
        await silent(new Response("x", { headers: { "cache-control": "no-store" } })),
        await silent(fresh("x", { "set-cookie": "a=b" })), await silent(new Response(null, { status: 304 })),
        (await cache.match(new Request("http://a/", { method: "HEAD" }))) === undefined,
      ];`,
    )) as unknown[];
    const expected = [
      "TypeError: Cannot cache response to non-GET request.",
      "TypeError: Cannot cache response to a range request (206 Partial Content).",
      "TypeError: Cannot cache response with 'Vary: *' header.",
      "TypeError: Body has already been used",
      "TypeError: Failed to execute 'put' on 'Cache': parameter 2 is not of type 'Response'.",
      "TypeError: Cache is unable to store an error response",
      "TypeError: Failed to execute 'put'",
      "TypeError: Invalid URL",
      "TypeError: Invalid URL. Cache API keys must be fully-qualified, valid URLs.",
      "TypeError: Invalid URL. Cache API keys must be fully-qualified, valid URLs.",
      "TypeError: Invalid URL",
      "TypeError: Illegal constructor",
      "TypeError: Cache name is too long.",
    ];
    for (const [i, text] of expected.entries())
      assert.ok(String(errors[i]).startsWith(text), `${i}: ${errors[i]}`);
    assert.equal(errors.slice(expected.length), [true, true, true, true]);
    assert.ok(at.logs.some(({ level, text }) => level === "warn" && text.includes("304")));
  });

  test(`what is added is listed, read and dropped, of one account only (${cell})`, async () => {
    using from = await origin((request, response) => {
      if (request.url === "/bad") response.statusCode = 500;
      response.setHeader("cache-control", "max-age=60");
      response.end(Buffer.alloc(100_000, request.url === "/a" ? "a" : "b"));
    });
    await using at = await makeHost({ cell, ...LOOPBACK });
    const found = await runOn(
      at,
      `const named = await caches.open("pages");
      const failed = await caught(() => named.addAll(["${from.url}/a", "${from.url}/bad"]));
      const before = (await named.keys()).length;
      await named.addAll(["${from.url}/a", new Request("${from.url}/b?q")]);
      await named.add("${from.url}/b");
      const hits = await named.matchAll("${from.url}/b", { ignoreSearch: true });
      const texts = await Promise.all(hits.map((hit) => hit.text()));
      return [failed, before, (await named.keys()).map(({ url }) => new URL(url).pathname + new URL(url).search),
        texts.map((text) => text.length + text[0]), await caches.keys(), await caches.has("other"),
        (await caches.match("${from.url}/a")).status, await caches.match("${from.url}/a", { cacheName: "other" }) === undefined];`,
    );
    assert.equal(found, [
      "TypeError: Cannot cache a response with status 500.",
      0,
      ["/a", "/b?q", "/b"],
      ["100000b", "100000b"],
      ["pages"],
      false,
      200,
      true,
    ]);
    // Another isolate, which opened nothing: the name is there because something is.
    const later = `return [await caches.keys(), await caches.has("pages"), await caches.delete("pages"), await caches.has("pages"), await caches.keys()]`;
    assert.equal(await runOn(at, later, "theirs", "other"), [[], false, false, false, []]);
    assert.equal(await runOn(at, later, "again"), [["pages"], true, true, false, []]);
  });

  test(`an addition that is aborted while its body comes rejects with the reason (${cell})`, async () => {
    using from = await origin((request, response) => void response.write("begun"));
    await using at = await makeHost({ cell, ...LOOPBACK });
    const error = await runOn(
      at,
      `const stop = new AbortController();
        const added = caught(() => cache.add(new Request("${from.url}", { signal: stop.signal })));
        await scheduler.wait(200);
        stop.abort();
        return await added;`,
    );
    assert.match(String(error), "AbortError");
  });

  test(`an origin's response goes into the cache, untouched or as a clone after the answer (${cell})`, async () => {
    using from = await origin((request, response) => {
      response.setHeader("cache-control", "max-age=60");
      response.end(Buffer.alloc(1_000_000, request.url === "/untouched" ? "u" : "c"));
    });
    await using at = await makeHost({ cell, ...LOOPBACK });
    const worker = await at.host.deploy(
      upload(
        "proxy",
        `export default { async fetch(request, env, ctx) {
      const { pathname, searchParams } = new URL(request.url);
      const key = "${from.url}" + pathname;
      const hit = await caches.default.match(key);
      if (hit) return hit;
      const response = await fetch(key);
      if (pathname === "/untouched") { await caches.default.put(key, response); return new Response("put"); }
      ctx.waitUntil(caches.default.put(key, response.clone()));
      return response;
    } };`,
        { limits: LIMITS },
      ),
    );
    const ask = async (path: string): Promise<string> =>
      await (await worker.fetch(`http://proxy${path}`)).text();
    assert.is(await ask("/untouched"), "put");
    assert.is(await ask("/untouched"), "u".repeat(1_000_000));
    assert.is(await ask("/clone"), "c".repeat(1_000_000));
    await until("the clone is stored", () => at.events.length === 3);
    assert.is(await ask("/clone"), "c".repeat(1_000_000));
    assert.is(from.seen, 2);
    assert.equal(
      at.events.map(({ outcome, subrequests }) => [outcome, subrequests]),
      [
        ["ok", 3],
        ["ok", 1],
        ["ok", 3],
        ["ok", 1],
      ],
    );
  });

  test(`a clone goes into the cache without entering the isolate, whatever becomes of the response (${cell})`, async () => {
    const size = 12_000_000;
    using from = await origin((request, response) => {
      response.setHeader("cache-control", "max-age=60");
      response.end(Buffer.alloc(request.url === "/waits" ? 2_000_000 : size, "c"));
    });
    await using at = await makeHost({ cell, ...LOOPBACK });
    const worker = await at.host.deploy(
      upload(
        "clone",
        `export default { async fetch(request, env, ctx) {
      const { pathname } = new URL(request.url);
      const key = "${from.url}" + pathname;
      if (request.method === "POST") return (await caches.default.match(key)) ?? new Response("", { status: 404 });
      const response = await fetch(key);
      if (pathname === "/unread") { response.clone(); return response; }
      const stored = caches.default.put(key, response.clone());
      if (pathname === "/waits") await stored; else ctx.waitUntil(stored);
      if (pathname === "/read") return new Response((await response.arrayBuffer()).byteLength);
      return response;
    } };`,
        // What of it enters the isolate costs milliseconds for each megabyte.
        { limits: { cpuMs: 50, memoryMb: 64 } },
      ),
    );
    const ask = async (path: string, init: RequestInit = {}): Promise<number> =>
      (await (await worker.fetch(`http://clone${path}`, init)).arrayBuffer()).byteLength;
    const kept = (path: string): Promise<number> => ask(path, { method: "POST" });
    assert.is(await ask("/passes"), size);
    assert.is(await ask("/waits"), 2_000_000, "a put that is awaited first has room to run ahead");
    assert.is(await ask("/unread"), size, "a clone that nobody reads holds nobody up");
    await until("these events are over", () => at.events.length === 3);
    assert.equal([await kept("/passes"), await kept("/waits")], [size, 2_000_000]);

    // The client leaves in the middle; the cache gets it all the same.
    const gone = new AbortController();
    const left = await worker.fetch("http://clone/left", { signal: gone.signal });
    const reader = left.body!.getReader();
    await reader.read();
    gone.abort();
    await reader.read().catch(() => {});
    await until("it is stored", async () => (await kept("/left")) === size);
    for (const { outcome, url } of at.events) if (!url!.endsWith("/left")) assert.is(outcome, "ok", url!);
    assert.equal(at.faults, []);
  });

  test(`a clone can be stored while the response is read in the isolate (${cell})`, async () => {
    using from = await origin((_, response) => {
      response.setHeader("cache-control", "max-age=60");
      response.end(Buffer.alloc(3_000_000, "r"));
    });
    await using at = await makeHost({ cell, ...LOOPBACK });
    const sizes = await runOn(
      at,
      `
      const response = await fetch("${from.url}/");
      const stored = cache.put("${from.url}/", response.clone());
      const read = (await response.arrayBuffer()).byteLength;
      await stored;
      return [read, (await (await cache.match("${from.url}/")).arrayBuffer()).byteLength];`,
    );
    assert.equal(sizes, [3_000_000, 3_000_000]);
  });

  test(`a put whose origin breaks off stores nothing, and one that nobody waits for ends with its event (${cell})`, async () => {
    using from = await origin((request, response) => {
      response.writeHead(200, { "cache-control": "max-age=60", "content-length": "500000" });
      response.write(Buffer.alloc(200_000));
      if (request.url === "/broken") setTimeout(() => response.destroy(), 50);
    });
    await using at = await makeHost({ cell, ...LOOPBACK });
    assert.match(
      String(
        await runOn(
          at,
          `return await caught(async () => cache.put("${from.url}/broken", await fetch("${from.url}/broken")));`,
        ),
      ),
      "Error: Unable to store response: its body could not be read to its end.",
    );
    const never = await at.host.deploy(
      upload(
        "never",
        `export default { async fetch(request, env, ctx) {
      ctx.waitUntil(caches.default.put("${from.url}/x", await fetch("${from.url}/stalls")));
      return new Response("answered");
    } };`,
        { limits: { ...LIMITS, waitUntilMs: 300 } },
      ),
    );
    assert.is(await (await never.fetch("http://never/")).text(), "answered");
    await until("the event is over", () => at.events.length === 2);
    assert.equal(
      await runOn(
        at,
        `return [await cache.match("${from.url}/broken"), await cache.match("${from.url}/x")].map(String);`,
      ),
      ["undefined", "undefined"],
    );
    assert.equal(at.faults, []);
  });

  test(`bytes that pass by an isolate untouched are progress of its event (${cell})`, async () => {
    using from = await origin((request, response) => {
      response.writeHead(200, { "cache-control": "max-age=60" });
      let left = 8;
      const timer = setInterval(() => {
        response.write("piece;");
        if (--left > 0) return;
        clearInterval(timer);
        response.end();
      }, 350);
    });
    await using at = await makeHost({ cell, ...LOOPBACK });
    const worker = await at.host.deploy(
      upload(
        "slow",
        `export default { async fetch(request) {
      const response = await fetch("${from.url}/");
      if (request.url.endsWith("/pass")) return response;
      await caches.default.put("${from.url}/", response);
      return caches.default.match("${from.url}/");
    } };`,
        { limits: { wallMs: 2_000 } },
      ),
    );
    for (const path of ["pass", "put"])
      assert.is(await (await worker.fetch(`http://slow/${path}`)).text(), "piece;".repeat(8), path);
    await until("both are over", () => at.events.length === 2);
    assert.equal(
      at.events.map(({ outcome }) => outcome),
      ["ok", "ok"],
    );
  });

  test(`caches of two accounts are apart, those of two workers of an account are one (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const mine = `await cache.put("http://a/", fresh("mine")); await (await caches.open("n")).put("http://a/", fresh("mine too"));`;
    const look = `return [await cache.match("http://a/"), await (await caches.open("n")).match("http://a/")].map((hit) => hit !== undefined);`;
    await runOn(at, mine, "one", "acme");
    assert.equal(await runOn(at, look, "two", "acme"), [true, true]);
    assert.equal(await runOn(at, look, "one", "other"), [false, false]);
    assert.equal(await runOn(at, `return cache.delete("http://a/");`, "one", "other"), false);
    assert.equal(await runOn(at, look, "two", "acme"), [true, true]);
  });

  test(`a hostile worker fills no more than its account may have, and hears of it (${cell})`, async () => {
    const options = { cache: { objectBytes: 300_000, accountBytes: 1_000_000, accountEntries: 50 } };
    await using at = await makeHost({ cell, ...options });
    const result = (await runOn(
      at,
      `
      const endless = new ReadableStream({ pull(controller) { controller.enqueue(new Uint8Array(65_536)); } });
      await cache.put("http://endless/", fresh(endless));
      const found = [(await cache.match("http://endless/")) === undefined];
      for (let i = 0; i < 20; i++) await cache.put("http://big/" + i, fresh(new Uint8Array(250_000)));
      let big = 0; for (let i = 0; i < 20; i++) { const hit = await cache.match("http://big/" + i); if (hit) { big++; await hit.body.cancel(); } }
      let names = 0;
      for (let i = 0; i < 100; i++) await (await caches.open("n" + i)).put("http://a/", fresh("x"));
      for (let i = 0; i < 100; i++) if (await (await caches.open("n" + i)).match("http://a/")) names++;
      return { endless: found[0], big, names, key: await caught(() => cache.put("http://a/" + "k".repeat(17_000), fresh("x"))) };`,
    )) as { endless: boolean; big: number; names: number; key: string };
    assert.is(result.endless, true);
    assert.is(result.big, 3);
    assert.ok(result.names > 30 && result.names <= 50, `${result.names}`);
    assert.match(result.key, "TypeError: Invalid URL.");
    assert.ok(at.logs.some(({ level, text }) => level === "warn" && text.includes("too large")));
  });

  test(`entries stay over a restart of the host (${cell})`, async () => {
    using folder = tempFolder();
    {
      await using at = await makeHost({ cell, dataFolder: folder.path });
      await runOn(
        at,
        `await cache.put("http://a/", fresh("kept")); await cache.put("http://b/", fresh("x".repeat(200_000)));`,
      );
    }
    await using at = await makeHost({ cell, dataFolder: folder.path });
    assert.equal(
      await runOn(
        at,
        `return [await (await cache.match("http://a/")).text(), (await (await cache.match("http://b/")).text()).length];`,
      ),
      ["kept", 200_000],
    );
  });
}

test("a worker that patches prototypes breaks no cache but its own view of it", async () => {
  const body = `
    Array.prototype.push = Map.prototype.get = String.prototype.slice = () => { throw new Error("patched"); };
    Object.defineProperty(Object.prototype, "get", { value: () => "patched", configurable: true });
    Array.prototype[Symbol.iterator] = () => { throw new Error("patched"); };
    await cache.put("http://a/#x", fresh("x"));
    const text = await (await cache.match("http://a/")).text();
    delete Object.prototype.get;
    return text;`;
  assert.is(await run("in-process", body), "x");
});

test("the hosts of these tests close", closeHosts);

test.run();

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startExample } from "./start-example.ts";

// Each example runs in the kind of cell that process.env["SKERRY_TEST_CELL"] names.

test("hello greets, with its variable, in text and JSON", async () => {
  await using example = await startExample("hello");
  assert.is(await (await fetch(`${example.url}/?name=you`)).text(), "Hello, you!\n");
  assert.equal(await (await fetch(`${example.url}/json`)).json(), { greeting: "Hello", name: "world" });
  assert.ok(example.logs.some(({ text }) => text === "greeting you"));
});

test("hono-router routes, reads JSON and answers errors", async () => {
  await using example = await startExample("hono-router");
  const one = await fetch(`${example.url}/books/2`);
  assert.equal(await one.json(), { id: "2", title: "Two Years Before the Mast" });
  assert.ok(one.headers.has("server-timing"));
  assert.is((await fetch(`${example.url}/books/9`)).status, 404);
  const post = (body: string): Promise<Response> => fetch(`${example.url}/books`, { method: "POST", body });
  const made = await post('{"title": "Moby-Dick"}');
  assert.is(made.status, 201);
  assert.match(((await made.json()) as { id: string }).id, /^[\da-f-]{36}$/);
  assert.is((await post("{}")).status, 400);
  assert.match(await (await fetch(example.url)).text(), "<h1>Books</h1>");
});

test("guestbook keeps entries in KV, newest first, and shows them escaped", async () => {
  await using example = await startExample("guestbook");
  const sign = async (name: string, text: string): Promise<Response> =>
    await fetch(example.url, {
      method: "POST",
      body: new URLSearchParams({ name, text }),
      redirect: "manual",
    });
  const first = await sign("Ada", "first");
  assert.is(first.status, 303);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.is((await sign("<b>", "second & last")).status, 303);
  assert.is((await sign("", "nobody")).status, 400);
  const entries = (await (await fetch(`${example.url}/entries.json`)).json()) as {
    name: string;
    text: string;
  }[];
  assert.equal(
    entries.map(({ name, text }) => [name, text]),
    [
      ["<b>", "second & last"],
      ["Ada", "first"],
    ],
  );
  const page = await (await fetch(example.url)).text();
  assert.match(page, "&#60;b&#62;");
  assert.match(page, "second &#38; last");
  assert.not.match(page, "<b><b>");
});

test("site serves its files, and its worker what begins with /api/", async () => {
  await using example = await startExample("site");
  const get = async (path: string): Promise<Response> =>
    await fetch(example.url + path, { redirect: "manual" });
  const home = await get("/");
  assert.is(home.headers.get("x-content-type-options"), "nosniff");
  assert.match(await home.text(), "<h1>A static site</h1>");
  assert.match((await get("/app.js")).headers.get("content-type")!, "text/javascript");
  assert.is((await get("/about")).headers.get("location"), "/docs/");
  assert.is((await get("/docs/")).status, 200);
  const missing = await get("/nothing");
  assert.is(missing.status, 404);
  assert.match(await missing.text(), "There is no such page");
  assert.ok(example.events.every(({ isAsset }) => isAsset === true));
  assert.equal(await (await get("/api/title")).json(), { title: "A static site" });
  assert.match(((await (await get("/api/time")).json()) as { now: string }).now, /^\d{4}-/);
  assert.is((await get("/api/nothing")).status, 404);
});

test("echo-socket gives back what it gets, ticks, and closes when it is told to", async () => {
  await using example = await startExample("echo-socket");
  assert.match(await (await fetch(example.url)).text(), "new WebSocket(");
  const socket = new WebSocket(example.url.replace("http", "ws"));
  const next = (): Promise<unknown> =>
    new Promise((resolve) => socket.addEventListener("message", ({ data }) => resolve(data), { once: true }));
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  socket.send("hello");
  assert.is(await next(), "hello");
  socket.send("tick");
  assert.match((await next()) as string, /^\d{4}-.*Z$/);
  socket.send("stop");
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  socket.send("bye");
  const { code, reason } = await closed;
  assert.equal([code, reason], [1000, "bye"]);
});

test("stream-proxy passes an origin on piece by piece, characters cut in two included", async () => {
  const pieces = [
    Buffer.from("grüße, "),
    Buffer.from("m").subarray(0, 1),
    Buffer.from("ü").subarray(0, 1),
    Buffer.from("ü").subarray(1),
  ];
  let next: () => void = () => {};
  const origin = createServer((_, response) => {
    response.setHeader("content-type", "text/plain; charset=utf-8");
    next = () => {
      const piece = pieces.shift();
      if (piece) response.write(piece);
      else response.end();
    };
    next();
  });
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  try {
    await using example = await startExample("stream-proxy", {
      egress: { allowAddresses: ["127.0.0.1/32"] },
    });
    const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
    const response = await fetch(`${example.url}/?url=${encodeURIComponent(url)}`);
    const decoder = new TextDecoder();
    let text = "";
    // The origin goes on only when the piece before has come through: nothing may be held back.
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(piece, { stream: true });
      if (text === "GRÜSSE, ") next();
      if (text === "GRÜSSE, M") for (let left = 0; left < 3; left++) next();
    }
    assert.is(text, "GRÜSSE, MÜ");
  } finally {
    origin.closeAllConnections();
    origin.close();
  }
});

test("cache asks its origin once, answers ranges and conditions itself, and forgets on request", async () => {
  let seen = 0;
  const origin = createServer((_, response) => {
    seen++;
    response.writeHead(200, { "cache-control": "max-age=60", etag: '"v1"', vary: "accept-language" });
    response.end("0123456789");
  });
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  try {
    await using example = await startExample("cache", { egress: { allowAddresses: ["127.0.0.1/32"] } });
    const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
    const ask = async (
      headers: Record<string, string> = {},
      method = "GET",
    ): Promise<[number, string, unknown]> => {
      const response = await fetch(`${example.url}/?url=${encodeURIComponent(url)}`, { headers, method });
      return [response.status, await response.text(), response.headers.get("x-cache")];
    };
    assert.equal(await ask(), [200, "0123456789", "miss"]);
    // The first answer does not wait for the cache.
    for (let tries = 0; tries < 100 && (await ask())[2] !== "hit"; tries++);
    const before = seen;
    assert.equal(await ask(), [200, "0123456789", "hit"]);
    assert.equal(await ask({ range: "bytes=2-4" }), [206, "234", "hit"]);
    assert.equal(await ask({ "if-none-match": '"v1"' }), [304, "", "hit"]);
    assert.is(seen, before);
    assert.is((await ask({ "accept-language": "xx" }))[2], "miss");
    assert.is((await ask({}, "DELETE"))[0], 200);
    assert.is((await ask())[2], "miss");
  } finally {
    origin.closeAllConnections();
    origin.close();
  }
});

test("stream-proxy may not reach the host's own network by default", async () => {
  await using example = await startExample("stream-proxy");
  const response = await fetch(`${example.url}/?url=${encodeURIComponent(`${example.url}/demo`)}`);
  assert.is(response.status, 500);
});

test("stream-proxy streams its demo over several seconds of timers", async () => {
  await using example = await startExample("stream-proxy");
  const response = await fetch(`${example.url}/demo`);
  assert.match(await response.text(), /^5 SECONDS TO GO…\n(?:.*\n){4}DONE\n$/);
});

test.run();

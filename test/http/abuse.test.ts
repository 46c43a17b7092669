import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EdgeRequest, EdgeResponse } from "../../src/dispatch/edge.ts";
import { ClientCount } from "../../src/http/client-count.ts";
import type { HttpListener } from "../../src/http/listen-http.ts";
import { eventually } from "../eventually.ts";
import { exchange, listen, RawClient } from "./edge-fixture.ts";

const HOST = "Host: example.com\r\n";
const GET = `GET / HTTP/1.1\r\n${HOST}`;
const POST = `POST / HTTP/1.1\r\n${HOST}`;
const SHORT = {
  headersTimeoutMs: 400,
  smallBodyTimeoutMs: 400,
  bodyIdleMs: 400,
  writeIdleMs: 400,
  keepAliveTimeoutMs: 400,
};
const LARGE = 64 * 1024 * 1024;

/** Reads a body, and answers with its length; `/large` answers with more than buffers hold. */
async function work(request: EdgeRequest): Promise<Partial<EdgeResponse>> {
  if (request.url.endsWith("/large")) return { body: endless() };
  if (!(request.body instanceof ReadableStream)) return { body: `got ${request.body?.length ?? 0}` };
  let bytes = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) bytes += chunk.length;
  return { body: `got ${bytes}` };
}

function endless(): ReadableStream<Uint8Array> {
  let left = LARGE;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(65_536));
      if ((left -= 65_536) <= 0) controller.close();
    },
  });
}

/** Fails if a good client is not answered. Where the machine stands still longer than a head may take, it tries again. */
async function neighbour(listener: HttpListener): Promise<void> {
  let reply = "";
  for (let i = 0; i < 5 && !reply.startsWith("HTTP/1.1 200"); i += 1)
    reply = await exchange(listener.port, `${GET}Connection: close\r\n\r\n`);
  assert.match(reply, /^HTTP\/1\.1 200 OK[^]*got 0$/);
}

/** Keeps what this process writes to its log. */
function watchLog(): Disposable & { readonly lines: unknown[] } {
  const lines: unknown[] = [];
  const { write } = process.stderr;
  const { error, warn, log } = console;
  process.stderr.write = ((text: unknown) => lines.push(text) > 0) as typeof write;
  console.error = console.warn = console.log = (text: unknown) => void lines.push(text);
  return {
    lines,
    [Symbol.dispose]() {
      process.stderr.write = write;
      Object.assign(console, { error, warn, log });
    },
  };
}

/** Clients that keep a connection and give nothing for it: how each begins, and what it sends every 50 ms. */
const SLOW: readonly (readonly [what: string, begin: string, drip: string, end: RegExp])[] = [
  ["nothing at all", "", "", /^$|^HTTP\/1\.1 408 /],
  ["a request line byte by byte", "GET /", "a", /^HTTP\/1\.1 408 /],
  ["headers byte by byte", GET, "x", /^HTTP\/1\.1 408 /],
  ["one header after another", GET, "x: 1\r\n", /^HTTP\/1\.1 408 /],
  ["half a head", `${GET}x`, "", /^HTTP\/1\.1 408 /],
  ["a small body that stops", `${POST}Content-Length: 9\r\n\r\nab`, "", /^HTTP\/1\.1 408 /],
  ["a small body byte by byte", `${POST}Content-Length: 60000\r\n\r\n`, "a", /^HTTP\/1\.1 408 /],
  ["a large body that stops", `${POST}Content-Length: 900000\r\n\r\nab`, "", /^HTTP\/1\.1 408 /],
  ["a large body byte by byte", `${POST}Content-Length: 900000\r\n\r\n`, "a", /^HTTP\/1\.1 408 /],
  ["chunks byte by byte", `${POST}Transfer-Encoding: chunked\r\n\r\n`, "1\r\na\r\n", /^HTTP\/1\.1 408 /],
  [
    "a chunk's extension byte by byte",
    `${POST}Transfer-Encoding: chunked\r\n\r\n5;`,
    "a",
    /^HTTP\/1\.1 408 /,
  ],
  ["trailers byte by byte", `${POST}Transfer-Encoding: chunked\r\n\r\n0\r\nx: `, "a", /^HTTP\/1\.1 408 /],
  ["no second request", `${GET}\r\n`, "", /^HTTP\/1\.1 200 /],
  ["half a second request", `${GET}\r\nGET`, "", /^HTTP\/1\.1 200 /],
  ["empty lines", "\r\n", "\r\n", /^$|^HTTP\/1\.1 408 /],
];

test("listenHttp() closes every kind of slow client in time, in silence, and answers others meanwhile", async () => {
  await using listener = await listen(work, SHORT);
  using log = watchLog();
  const clients = SLOW.map(([what, begin, drip, end]) => {
    const client = new RawClient(listener.port);
    client.send(begin);
    const timer = setInterval(() => void (drip !== "" && client.socket.write(drip)), 50);
    void client.closed.then(() => clearInterval(timer));
    return { what, client, end };
  });
  const unread = new RawClient(listener.port);
  unread.socket.pause();
  unread.send(`GET /large HTTP/1.1\r\n${HOST}\r\n`);
  const pipelined = new RawClient(listener.port);
  pipelined.socket.pause();
  pipelined.send(`GET /large HTTP/1.1\r\n${HOST}\r\n`.repeat(50));
  for (let i = 0; i < 10; i += 1) await neighbour(listener);
  for (const { what, client, end } of clients) {
    await Promise.race([
      client.closed,
      new Promise((_, reject) => setTimeout(reject, 120_000, new Error(`not closed: ${what}`)).unref()),
    ]);
    assert.match(client.received, end, what);
  }
  await eventually(() => listener.connections === 0, "all closed");
  assert.equal(log.lines, []);
  unread.socket.destroy();
  pipelined.socket.destroy();
});

test("listenHttp() closes hundreds of slow heads at once, and answers others meanwhile", async () => {
  await using listener = await listen(work, { ...SHORT, headersTimeoutMs: 3_000 });
  const clients = Array.from({ length: 400 }, () => new RawClient(listener.port));
  for (const client of clients) client.send(`${GET}x`);
  await eventually(() => listener.connections >= 400, "all connected");
  for (let i = 0; i < 10; i += 1) await neighbour(listener);
  await eventually(() => listener.connections === 0, "all closed");
  for (const client of clients) client[Symbol.dispose]();
});

test("listenHttp() takes a slow body that comes at an honest pace", async () => {
  await using listener = await listen(work, { ...SHORT, minBodyBytesPerSecond: 100 });
  using client = new RawClient(listener.port);
  client.send(`${POST}Content-Length: 100000\r\nConnection: close\r\n\r\n`);
  for (let i = 0; i < 10; i += 1) {
    client.send("a".repeat(10_000));
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  await client.closed;
  assert.match(client.received, /got 100000$/);
});

test("listenHttp() lets one address have so many connections, and no more", async () => {
  await using listener = await listen(work, { maxConnectionsPerAddress: 5 });
  const clients = Array.from({ length: 20 }, () => new RawClient(listener.port));
  let closed = 0;
  for (const client of clients) void client.closed.then(() => (closed += 1));
  await eventually(() => closed === 15, "15 are closed");
  assert.is(listener.connections, 5);
  for (const client of clients) client[Symbol.dispose]();
  await eventually(() => listener.connections === 0, "the places are free");
  await neighbour(listener);
  await using trusting = await listen(work, { maxConnectionsPerAddress: 5, trustedProxies: ["127.0.0.1"] });
  const proxied = Array.from({ length: 20 }, () => new RawClient(trusting.port));
  await eventually(() => trusting.connections === 20, "a trusted proxy speaks for many");
  for (const client of proxied) client[Symbol.dispose]();
});

test("ClientCount counts a /64 of IPv6 as one client, and forgets who left", () => {
  const count = new ClientCount(2);
  const leave = count.enter("2001:db8::1");
  assert.ok(leave);
  assert.ok(count.enter("2001:db8:0:0:ffff::2"));
  assert.is(count.enter("2001:db8::3"), null);
  assert.ok(count.enter("2001:db8:0:1::1"));
  assert.ok(count.enter("192.0.2.1"));
  assert.ok(count.enter("192.0.2.2"));
  leave();
  assert.ok(count.enter("2001:db8::3"));
  assert.is(count.clients, 4);
});

test("listenHttp() answers so many pipelined requests of a connection at once, and all in their order", async () => {
  const REQUESTS = 5_000;
  let running = 0;
  let most = 0;
  let begun = 0;
  await using listener = await listen(async ({ url }) => {
    if (url.endsWith("/")) return { body: "got 0" };
    begun += 1;
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return { body: `<${url.slice(url.lastIndexOf("/") + 1)}>` };
  });
  using client = new RawClient(listener.port);
  let text = "";
  for (let i = 0; i < REQUESTS; i += 1) text += `GET /${i} HTTP/1.1\r\n${HOST}\r\n`;
  client.send(text);
  await neighbour(listener);
  await client.until(new RegExp(`<${REQUESTS - 1}>$`), 120_000);
  assert.is(most, 16);
  assert.is(begun, REQUESTS);
  const order = [...client.received.matchAll(/<(\d+)>/g)].map(([, number]) => Number(number));
  assert.equal(
    order,
    Array.from({ length: REQUESTS }, (_, i) => i),
  );
});

test("listenHttp() ends a connection after so many requests", async () => {
  await using listener = await listen(work, { maxRequestsPerSocket: 3 });
  const reply = await exchange(listener.port, `${GET}\r\n`.repeat(5));
  assert.is(reply.split("HTTP/1.1 200 OK").length, 4);
});

test("listenHttp() ends uploads whose Content-Length lies", async () => {
  await using listener = await listen(work, SHORT);
  const packed = gzipSync("x".repeat(10_000)).toString("latin1");
  const head = (bytes: number): string => `${POST}Content-Encoding: gzip\r\nContent-Length: ${bytes}\r\n\r\n`;
  const long = await exchange(listener.port, head(packed.length - 10) + packed);
  assert.match(long, /^HTTP\/1\.1 200 OK[^]*$/);
  assert.is(long.split("HTTP/1.1 200").length, 2, "the rest is no second request");
  assert.match(await exchange(listener.port, head(packed.length + 10) + packed), /^HTTP\/1\.1 408 /);
});

test("listenHttp() survives random bytes and cut requests, in silence", async () => {
  await using listener = await listen(work, SHORT);
  using log = watchLog();
  const whole = `${POST}Transfer-Encoding: chunked\r\nX-A: b\r\n\r\n5\r\nhello\r\n0\r\n\r\n`;
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const clients: RawClient[] = [];
  for (let i = 0; i < 300; i += 1) {
    const client = new RawClient(listener.port);
    clients.push(client);
    const bytes = Array.from({ length: random(60) }, () => String.fromCharCode(random(256))).join("");
    const at = random(whole.length);
    client.send(i % 3 === 0 ? bytes : whole.slice(0, at) + bytes + (i % 3 === 1 ? whole.slice(at) : ""));
    if (i % 5 === 0) client.socket.end();
    else if (i % 7 === 0) client.socket.once("connect", () => client.socket.resetAndDestroy());
  }
  for (let i = 0; i < 5; i += 1) await neighbour(listener);
  await eventually(() => listener.connections === 0, "all closed");
  assert.equal(log.lines, []);
  for (const client of clients) client[Symbol.dispose]();
});

test.run();

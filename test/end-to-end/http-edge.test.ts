import { test } from "uvu";
import * as assert from "uvu/assert";
import { httpOrigin } from "../egress/egress-fixture.ts";
import { exchange, RawClient } from "../http/edge-fixture.ts";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

const close = "Connection: close\r\n\r\n";

/** Answers with what came, or does what the path says. */
const ECHO = `export default { async fetch(request, env, ctx) {
  const { pathname } = new URL(request.url);
  if (pathname === "/throw") { ctx.passThroughOnException(); throw new Error("thrown"); }
  if (pathname === "/stream") return new Response(new ReadableStream({ pull() { throw new Error("no byte"); } }), { headers: { "x-head": "1" } });
  if (pathname === "/ip") return new Response(request.headers.get("cf-connecting-ip"));
  if (pathname === "/unread") return new Response("unread");
  const body = await request.text();
  return new Response("got " + body.length, { headers: { "x-method": request.method } });
} };`;

for (const cell of CELLS) {
  test(`HEAD gets the head of the answer only (${cell})`, async () => {
    await using at = await makeHost({ cell });
    await at.host.deploy(upload("echo", ECHO, { routes: ["echo.test/*"] }));
    const { port } = await at.host.listen({ port: 0 });
    const answer = await exchange(port, `HEAD /x HTTP/1.1\r\nHost: echo.test\r\n${close}`);
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(answer, /x-method: HEAD\r\n/);
    assert.match(answer, /content-length: 5\r\n/);
    assert.ok(answer.endsWith("\r\n\r\n"), answer);
  });

  test(`after passThroughOnException an error is still answered, and the log says why (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(upload("echo", ECHO));
    const answer = await worker.fetch("http://echo.test/throw");
    assert.is(answer.status, 500);
    assert.match(await answer.text(), "Error 1101");
    await until("the log says so", () =>
      at.logs.some(({ text }) => text.startsWith("passThroughOnException() had no effect")),
    );
    await until("it is recorded", () => at.events.length === 1);
    assert.is(at.events[0]!.outcome, "exception");
  });

  test(`a body stream that fails before its first byte is an error, not an empty answer (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(upload("echo", ECHO, { routes: ["echo.test/*"] }));
    const { port } = await at.host.listen({ port: 0 });
    const answer = await exchange(port, `GET /stream HTTP/1.1\r\nHost: echo.test\r\n${close}`);
    assert.match(answer, /^HTTP\/1\.1 500 [^]*Error 1101/);
    assert.not.match(answer, "x-head");
    const direct = await worker.fetch("http://echo.test/stream");
    assert.is(
      await direct.text().then(
        () => "ended",
        () => "failed",
      ),
      "failed",
    );
    await until("both are recorded", () => at.events.length === 2);
    assert.equal(
      at.events.map(({ outcome }) => outcome),
      ["exception", "exception"],
    );
    assert.match(at.events[0]!.exception!.message, "no byte");
  });

  test(`a body beyond the worker's limit gets 413, whatever way it comes (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload("echo", ECHO, { routes: ["echo.test/*"], limits: { requestBodyBytes: 100_000 } }),
    );
    await at.host.deploy(
      upload("wide", ECHO, { routes: ["wide.test/*"], limits: { requestBodyBytes: 200_000 } }),
    );
    const { port } = await at.host.listen({ port: 0 });
    const announced = (host: string, bytes: number): string =>
      `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${bytes}\r\n${close}${"x".repeat(bytes)}`;
    const chunked = (path: string, bytes: number): string =>
      `POST ${path} HTTP/1.1\r\nHost: echo.test\r\nTransfer-Encoding: chunked\r\n${close}${bytes.toString(16)}\r\n${"x".repeat(bytes)}\r\n0\r\n\r\n`;
    assert.match(await exchange(port, announced("echo.test", 100_000)), /^HTTP\/1\.1 200 [^]*got 100000$/);
    assert.match(await exchange(port, announced("echo.test", 100_001)), /^HTTP\/1\.1 413 /);
    assert.match(await exchange(port, announced("wide.test", 150_000)), /^HTTP\/1\.1 200 [^]*got 150000$/);
    assert.match(await exchange(port, chunked("/", 100_000)), /^HTTP\/1\.1 200 [^]*got 100000$/);
    assert.match(await exchange(port, chunked("/", 120_000)), /^HTTP\/1\.1 413 /);
    assert.match(await exchange(port, chunked("/unread", 120_000)), /^HTTP\/1\.1 200 [^]*unread$/);
    assert.is(
      (await worker.fetch("http://echo.test/", { method: "POST", body: "x".repeat(100_001) })).status,
      413,
    );
  });
}

test("a body that the worker did not read to its end holds up nothing that follows on the connection", async () => {
  await using at = await makeHost();
  const source = `export default { async fetch(request) {
    if (request.method === "GET") return new Response("next");
    await request.body.getReader().read();
    return new Response("enough");
  } };`;
  await at.host.deploy(upload("part", source, { routes: ["part.test/*"] }));
  const { port } = await at.host.listen({ port: 0 });
  using client = new RawClient(port);
  const bytes = 3_000_000;
  client.send(`POST / HTTP/1.1\r\nHost: part.test\r\nContent-Length: ${bytes}\r\n\r\n${"x".repeat(bytes)}`);
  await client.until(/enough$/);
  client.send("GET / HTTP/1.1\r\nHost: part.test\r\n\r\n");
  await client.until(/next$/);
});

test("malformed and oversize heads get 400 and 431, and the host goes on", async () => {
  await using at = await makeHost();
  await at.host.deploy(upload("echo", ECHO, { routes: ["echo.test/*"] }));
  const { port } = await at.host.listen({ port: 0 });
  for (const head of [
    "GET / HTTP/1.1\r\n",
    "GET /\r\n",
    "\0\0\0\r\n",
    "GET / HTTP/1.1\r\nHost: echo.test\r\nBad Name: 1\r\n",
  ]) {
    assert.match(await exchange(port, `${head}${close}`), /^HTTP\/1\.1 400 /, head);
  }
  const long = `GET / HTTP/1.1\r\nHost: echo.test\r\nX-Long: ${"x".repeat(40_000)}\r\n${close}`;
  assert.match(await exchange(port, long), /^HTTP\/1\.1 431 /);
  assert.match(await exchange(port, `GET / HTTP/1.1\r\nHost: echo.test\r\n${close}`), /^HTTP\/1\.1 200 /);
  assert.is(at.faults.length, 0);
});

test("100 Continue is said when the worker wants the body", async () => {
  await using at = await makeHost();
  await at.host.deploy(upload("echo", ECHO, { routes: ["echo.test/*"] }));
  const { port } = await at.host.listen({ port: 0 });
  using client = new RawClient(port);
  client.send("POST / HTTP/1.1\r\nHost: echo.test\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  client.send("abc");
  await client.until(/got 3$/);
});

test("host.listen believes only the proxies that it is told to trust", async () => {
  await using at = await makeHost();
  await at.host.deploy(upload("echo", ECHO, { routes: ["echo.test/*"] }));
  const trusting = await at.host.listen({ port: 0, trustedProxies: ["127.0.0.1/32"] });
  const wary = await at.host.listen({ port: 0 });
  const ask = `GET /ip HTTP/1.1\r\nHost: echo.test\r\nX-Forwarded-For: 203.0.113.7\r\n${close}`;
  assert.match(await exchange(trusting.port, ask), /\r\n\r\n203\.0\.113\.7$/);
  assert.match(await exchange(wary.port, ask), /\r\n\r\n127\.0\.0\.1$/);
});

test("egress.denyAddresses is stronger than allowAddresses", async () => {
  await using origin = await httpOrigin((_request, response) => void response.end("reached"));
  const source = `export default { fetch: () => fetch("http://127.0.0.1:${origin.port}/").catch((error) => new Response(error.message)) };`;
  const allowAddresses = ["127.0.0.0/8"];
  for (const [denyAddresses, text] of [
    [[], "reached"],
    [["127.0.0.1"], "cannot be reached"],
  ] as const) {
    await using at = await makeHost({ egress: { allowAddresses, denyAddresses } });
    const worker = await at.host.deploy(upload("out", source));
    assert.match(await (await worker.fetch("http://out/")).text(), text);
  }
});

test("the hosts of these tests close", closeHosts);

test.run();

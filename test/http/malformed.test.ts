import { connect } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { eventually } from "../eventually.ts";
import { exchange, listen, RawClient } from "./edge-fixture.ts";

const HOST = "Host: example.com\r\n";
const CONNECT = "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n";
const POST = `POST / HTTP/1.1\r\n${HOST}`;

/** What a client may send that has two readings or none, and the statuses that may answer it. */
const CORPUS: readonly (readonly [title: string, bytes: string, status: RegExp])[] = [
  [
    "Content-Length beside chunked",
    `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    /400/,
  ],
  [
    "chunked beside Content-Length",
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    /400/,
  ],
  [
    "two Transfer-Encoding headers",
    `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    /400/,
  ],
  ["chunked, identity", `${POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, /400/],
  ["identity only", `${POST}Transfer-Encoding: identity\r\n\r\n`, /400|501/],
  ["gzip, chunked", `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, /501/],
  ["xchunked", `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, /400|501/],
  [
    "two Content-Length headers that differ",
    `${POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
    /400/,
  ],
  [
    "two Content-Length headers that agree",
    `${POST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
    /400/,
  ],
  ["Content-Length list", `${POST}Content-Length: 5, 5\r\n\r\nhello`, /400/],
  ["Content-Length +5", `${POST}Content-Length: +5\r\n\r\nhello`, /400/],
  ["Content-Length -5", `${POST}Content-Length: -5\r\n\r\nhello`, /400/],
  ["Content-Length 0x5", `${POST}Content-Length: 0x5\r\n\r\nhello`, /400/],
  ["huge Content-Length", `${POST}Content-Length: 99999999999999999999999\r\n\r\n`, /400/],
  ["space before the colon", `GET / HTTP/1.1\r\n${HOST}X : 1\r\n\r\n`, /400/],
  ["obs-fold", `GET / HTTP/1.1\r\n${HOST}X: 1\r\n 2\r\n\r\n`, /400/],
  ["bare LF", "GET / HTTP/1.1\nHost: example.com\n\n", /400/],
  ["bare LF after a header", `GET / HTTP/1.1\r\n${HOST}X: 1\nY: 2\r\n\r\n`, /400/],
  ["bare CR in a value", `GET / HTTP/1.1\r\n${HOST}X: 1\rY: 2\r\n\r\n`, /400/],
  ["NUL in a value", `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, /400/],
  ["no colon", `GET / HTTP/1.1\r\n${HOST}Junk\r\n\r\n`, /400/],
  ["empty header name", `GET / HTTP/1.1\r\n${HOST}: x\r\n\r\n`, /400/],
  ["negative chunk", `${POST}Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n`, /400/],
  ["chunk size with 0x", `${POST}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n`, /400/],
  ["overflowing chunk size", `${POST}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`, /400/],
  ["chunk without its CRLF", `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX0\r\n\r\n`, /400/],
  [
    "large chunk extension",
    `${POST}Transfer-Encoding: chunked\r\n\r\n5;${"x".repeat(1 << 20)}\r\nhello\r\n0\r\n\r\n`,
    /413/,
  ],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", /400/],
  ["two Host headers", `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, /400/],
  ["Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", /400/],
  ["Host with credentials", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", /400/],
  ["Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", /400/],
  ["empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", /400/],
  ["Host with port 99999", "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", /400/],
  ["Host that is half an address", "GET / HTTP/1.1\r\nHost: 1.2.3.999\r\n\r\n", /400/],
  ["Host with broken IPv6", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", /400/],
  ["target that differs from Host", `GET http://other.com/ HTTP/1.1\r\n${HOST}\r\n`, /400/],
  ["target of another scheme", `GET ftp://example.com/ HTTP/1.1\r\n${HOST}\r\n`, /400/],
  ["target without a slash", `GET index.html HTTP/1.1\r\n${HOST}\r\n`, /400/],
  ["asterisk", `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, /400/],
  ["fragment in the target", `GET /#a HTTP/1.1\r\n${HOST}\r\n`, /400/],
  ["raw bytes in the target", `GET /\xff HTTP/1.1\r\n${HOST}\r\n`, /400/],
  ["long target", `GET /${"a".repeat(17_000)} HTTP/1.1\r\n${HOST}\r\n`, /414/],
  ["headers over 32 KB", `GET / HTTP/1.1\r\n${HOST}X: ${"a".repeat(40_000)}\r\n\r\n`, /431/],
  ["too many headers", `GET / HTTP/1.1\r\n${HOST}${"x: 1\r\n".repeat(300)}\r\n`, /431/],
  ["TRACE", `TRACE / HTTP/1.1\r\n${HOST}\r\n`, /405/],
  ["CONNECT", CONNECT, /405/],
  ["unknown method", `FOO / HTTP/1.1\r\n${HOST}\r\n`, /400/],
  ["HTTP/0.9", "GET /\r\n\r\n", /400/],
  ["HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", /400/],
  ["HTTP/3.0", `GET / HTTP/3.0\r\n${HOST}\r\n`, /400/],
  ["TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", /400/],
  ["random bytes", "\x00\x01\x02\x03\xff\xfe\r\n\r\n", /400/],
  ["unknown expectation", `${POST}Expect: tea\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, /417/],
];

for (const [title, bytes, status] of CORPUS) {
  test(`listenHttp() refuses: ${title}`, async () => {
    let handled = "";
    await using listener = await listen(async (request) => {
      if (request.body instanceof ReadableStream) {
        try {
          handled += await new Response(request.body as ReadableStream<Uint8Array<ArrayBuffer>>).text();
        } catch {
          return { body: "never seen" };
        }
      }
      handled += request.url;
      return { body: "handled" };
    });
    // Alone it may be taken for a request that came whole.
    for (const behind of [`GET /smuggled HTTP/1.1\r\n${HOST}\r\n`, CONNECT, ""]) {
      const reply = await exchange(listener.port, bytes + behind);
      assert.match(reply, new RegExp(`^HTTP/1\\.1 (${status.source}) `));
      assert.is(reply.split("HTTP/1.1 ").length, 2, `one answer: ${reply}`);
      assert.is(handled, "", "reached the handler");
    }
  });
}

test("listenHttp() answers what came whole before garbage, and nothing after it", async () => {
  const gate = Promise.withResolvers<void>();
  await using listener = await listen(async () => {
    await gate.promise;
    return { body: "first" };
  });
  const reply = exchange(listener.port, `GET / HTTP/1.1\r\n${HOST}\r\nGARBAGE\r\n\r\n`);
  setTimeout(() => gate.resolve(), 50);
  const text = await reply;
  assert.match(text, /^HTTP\/1\.1 200 OK/);
  assert.match(text, /first$/);
  assert.not.match(text, /400/);
});

test("listenHttp() answers a keep-alive connection that breaks later", async () => {
  await using listener = await listen(() => ({ body: "ok" }));
  const text = await exchange(
    listener.port,
    `GET / HTTP/1.1\r\n${HOST}\r\nGET / HTTP/1.1\r\n${HOST}\r\nBAD\r\n\r\n`,
  );
  assert.is(text.split("HTTP/1.1 200").length, 3);
});

test("a request for a tunnel is not answered in place of the request before it", async () => {
  let asked = 0;
  const gate = Promise.withResolvers<void>();
  await using listener = await listen(async () => {
    asked++;
    await gate.promise;
    return { body: "first" };
  });
  for (const pieces of [
    [`GET / HTTP/1.1\r\n${HOST}\r\n${CONNECT}`],
    [`GET / HTTP/1.1\r\n${HOST}\r\n`, CONNECT],
  ]) {
    using client = new RawClient(listener.port);
    const before = asked;
    for (const piece of pieces) {
      client.send(piece);
      await eventually(() => asked > before, "the first is under way");
    }
    if (pieces.length === 1) await client.closed;
    else gate.resolve();
    await client.closed;
    assert.is(client.received.includes("405"), pieces.length > 1);
    assert.is(client.received.startsWith("HTTP/1.1 200 OK"), pieces.length > 1);
  }
});

test("a client that asked for a tunnel ends nothing but its connection, and that in any case", async () => {
  await using listener = await listen(() => ({ body: "ok" }));
  using resets = new RawClient(listener.port);
  resets.send(CONNECT);
  await resets.until(/405/);
  resets.socket.resetAndDestroy();
  const stays = connect({ port: listener.port, host: "127.0.0.1", allowHalfOpen: true }).resume();
  stays.write(CONNECT);
  await eventually(() => stays.readableEnded, "answered");
  await eventually(() => listener.connections === 0, "both are gone");
  stays.destroy();
});

test.run();

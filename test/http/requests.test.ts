import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EdgeRequest, EdgeResponse } from "../../src/dispatch/edge.ts";
import { exchange, header, listen, RawClient } from "./edge-fixture.ts";

const HOST = "Host: example.com\r\n";
const CLOSE = "Connection: close\r\n\r\n";

/** A listener that answers with method and URL, and keeps what it was asked. */
async function asked(bytes: string): Promise<readonly [reply: string, requests: EdgeRequest[]]> {
  const requests: EdgeRequest[] = [];
  await using listener = await listen((request) => {
    requests.push(request);
    return { body: `${request.method} ${request.url}` };
  });
  return [await exchange(listener.port, bytes), requests];
}

/** Host headers and the URL that a worker sees; null where the request is refused. */
const HOSTS: readonly (readonly [host: string, url: string | null])[] = [
  ["example.com", "http://example.com/"],
  ["EXAMPLE.com", "http://example.com/"],
  ["example.com:80", "http://example.com/"],
  ["example.com:8080", "http://example.com:8080/"],
  ["example.com:0", "http://example.com:0/"],
  ["example.com.", "http://example.com./"],
  ["xn--bcher-kva.example", "http://xn--bcher-kva.example/"],
  ["127.0.0.1", "http://127.0.0.1/"],
  ["2130706433", "http://127.0.0.1/"],
  ["[::1]:80", "http://[::1]/"],
  ["[0:0::1]", "http://[::1]/"],
  ["a_b.example", "http://a_b.example/"],
  ["\t example.com \t", "http://example.com/"],
  ["b\xfccher.example", null],
  ["a b", null],
  ["a,b", null],
  ["a\tb", null],
  ["a@b", null],
  ["a/b", null],
  ["a?b", null],
  ["a#b", null],
  ["a\\b", null],
  ["a%41b", null],
  ["a:99999", null],
  ["a:-1", null],
  ["a:80:80", null],
  ["a:b", null],
  ["a:", null],
  [":80", null],
  ["[::1", null],
  ["[::g]", null],
  ["[fe80::1%25lo]", null],
  ["1.2.3.999", null],
  ["http://example.com", null],
  ["a".repeat(300) + ".\x7f", null],
];

for (const [host, url] of HOSTS) {
  test(`listenHttp() ${url === null ? "refuses" : "takes"} Host ${JSON.stringify(host)}, the same every time`, async () => {
    const get = `GET / HTTP/1.1\r\nHost: ${host}\r\n${CLOSE}`;
    for (let i = 0; i < 2; i += 1) {
      const [reply] = await asked(get);
      if (url === null) assert.match(reply, /^HTTP\/1\.1 400 [^]*\r\nconnection: close\r\n/i);
      else assert.ok(reply.endsWith(`\r\n\r\nGET ${url}`), reply);
    }
  });
}

/** Methods, and what they end with. */
const METHODS: readonly (readonly [method: string, reply: RegExp])[] = [
  ["GET", /200 OK[^]*GET http:/],
  ["HEAD", /200 OK(?![^]*HEAD http:)/],
  ["OPTIONS", /200 OK[^]*OPTIONS http:/],
  ["PATCH", /200 OK[^]*PATCH http:/],
  ["PROPFIND", /200 OK[^]*PROPFIND http:/],
  ["TRACE", /^HTTP\/1\.1 405 /],
  ["CONNECT", /^HTTP\/1\.1 40[05] /],
  ["FOO", /^HTTP\/1\.1 400 /],
  ["get", /^HTTP\/1\.1 400 /],
  ["", /^HTTP\/1\.1 400 /],
];

for (const [method, end] of METHODS) {
  test(`listenHttp() treats the method "${method}" as it is meant`, async () => {
    assert.match((await asked(`${method} / HTTP/1.1\r\n${HOST}${CLOSE}`))[0], end);
  });
}

test("listenHttp() hides the body of a GET, and reads the next request behind it", async () => {
  const get = (more: string): string => `GET /1 HTTP/1.1\r\n${HOST}${more}`;
  const after = `GET /2 HTTP/1.1\r\n${HOST}${CLOSE}`;
  for (const body of [
    "Content-Length: 5\r\n\r\nhello",
    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  ]) {
    const [reply, requests] = await asked(get(body) + after);
    assert.equal(
      requests.map((request) => [request.url, request.body]),
      [
        ["http://example.com/1", null],
        ["http://example.com/2", null],
      ],
    );
    assert.is(reply.split("HTTP/1.1 200").length, 3);
  }
});

test("listenHttp() takes an upgrade to something unknown for a plain request", async () => {
  const KEY = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n";
  for (const lines of [
    "Connection: Upgrade\r\nUpgrade: foo\r\n",
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
    "Connection: close, upgrade\r\nUpgrade: foo\r\n",
    `Upgrade: websocket\r\n${KEY}`,
    `Connection: Upgrade\r\n${KEY}`,
    `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY.replace("13", "12")}`,
    `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY.replace("==", "")}`,
    `Connection: Upgrade\r\nUpgrade: websocket, websocket\r\n${KEY}`,
    `Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n${KEY}`,
  ]) {
    const [reply, [request]] = await asked(
      `GET / HTTP/1.1\r\n${HOST}${lines}\r\nGET / HTTP/1.1\r\n${HOST}${CLOSE}`,
    );
    assert.match(reply, /^HTTP\/1\.1 200 OK[^]*\r\nConnection: close\r\n/, lines);
    for (const name of ["upgrade", "connection", "http2-settings"])
      assert.is(header(request!.headers, name), null, lines);
  }
});

test("listenHttp() answers an expectation without a body, and refuses one that it does not know", async () => {
  const [reply] = await asked(`GET / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\n${CLOSE}`);
  assert.match(reply, /^HTTP\/1\.1 200 OK/);
  assert.match((await asked(`GET / HTTP/1.1\r\n${HOST}Expect: tea\r\n${CLOSE}`))[0], /^HTTP\/1\.1 417 /);
});

test("listenHttp() drops trailers, so that none of them is taken for a header", async () => {
  const seen: string[] = [];
  await using listener = await listen(async (request) => {
    for await (const _chunk of request.body as ReadableStream);
    seen.push(request.headers);
    return { body: "ok" };
  });
  const chunked = `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n`;
  for (const trailer of [
    "Content-Length: 5",
    "Transfer-Encoding: chunked",
    "Host: evil.example",
    "Authorization: x",
    "X-A: b",
  ])
    await exchange(listener.port, `${chunked}${CLOSE}5\r\nhello\r\n0\r\n${trailer}\r\n\r\n`);
  for (const headers of seen) {
    assert.is(header(headers, "host"), "example.com");
    assert.not.match(headers, /evil|authorization|x-a|content-length/);
  }
  const flood = `${chunked}${CLOSE}5\r\nhello\r\n0\r\n${"X-A: b\r\n".repeat(100_000)}\r\n`;
  assert.match(await exchange(listener.port, flood), /^(HTTP\/1\.1 (200|400|431) [^]*)?$/);
});

test("listenHttp() strips every header by which a client could pass for the host or a proxy", async () => {
  const NAMES =
    "CF-Connecting-IP|CF-Connecting-IPv6|CF-Pseudo-IPv4|CF-IPCountry|CF-Ray|CF-Visitor|CF-Worker|CF-EW-Via|CF-Access-Jwt-Assertion|CDN-Loop-X|X-Forwarded-For|X-Forwarded-Proto|X-Forwarded-Host|X-Forwarded-Port|X-Real-IP|X-Client-IP|True-Client-IP|Forwarded|Proxy-Authorization";
  const lines = NAMES.split("|").map((name) => `${name}: spoofed-value`);
  const [, [request]] = await asked(`GET / HTTP/1.1\r\n${HOST}${lines.join("\r\n")}\r\n${CLOSE}`);
  const spoofed = request!.headers.split("\n").filter((_, i, all) => all[i + 1] === "spoofed-value");
  assert.equal(spoofed, ["cdn-loop-x"]);
  assert.is(header(request!.headers, "cf-connecting-ip"), "127.0.0.1");
});

test("listenHttp() writes no line break or NUL of a worker into a head", async () => {
  let headers = "";
  let statusText = "";
  await using listener = await listen(() => ({ headers, statusText, body: "ok" }));
  const BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\u010d\u010a",
    "\u560d\u560a",
    "\x85",
    "\u2028",
    "\r\n\r\n",
    "\r\n ",
  ];
  for (const gap of BREAKS) {
    const bad = `a${gap}injected: 1`;
    for ([headers, statusText] of [
      [`x-a\n${bad}`, ""],
      [`${bad}\nb`, ""],
      [`set-cookie\n${bad}`, ""],
      [`location\n/${bad}`, ""],
      [`content-length\n2${gap}injected: 1`, ""],
      ["", bad],
    ] as const) {
      const reply: Partial<EdgeResponse> & string = await exchange(
        listener.port,
        `GET / HTTP/1.1\r\n${HOST}${CLOSE}`,
      );
      const label = JSON.stringify([headers, statusText, reply]);
      assert.match(reply, /^HTTP\/1\.1 (200|500) /, label);
      const [head = ""] = reply.split("\r\n\r\n");
      assert.not.match(head, /(^|[\r\n])injected/i, label);
      assert.not.match(head.replaceAll("\r\n", ""), /[\r\n\0]/, label);
    }
  }
});

test("an upgraded connection takes no second request, and a busy one no upgrade", async () => {
  let requests = 0;
  await using listener = await listen(async () => {
    requests += 1;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { body: "ok" };
  });
  const upgrade = `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`;
  using client = new RawClient(listener.port);
  client.send(`${upgrade}GET /smuggled HTTP/1.1\r\n${HOST}\r\n`);
  await client.closed;
  assert.is(requests, 1);
  assert.is(client.received.split("HTTP/1.1").length, 2);
  using busy = new RawClient(listener.port);
  busy.send(`GET /first HTTP/1.1\r\n${HOST}\r\n${upgrade}`);
  await busy.closed;
  assert.is(requests, 2);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EdgeRequest, GoneSignal } from "../../src/dispatch/edge.ts";
import { eventually } from "../eventually.ts";
import { RawClient, answer, exchange, header, listen } from "./edge-fixture.ts";

const text = (body: EdgeRequest["body"]): Promise<string> =>
  new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text();
const GET = "GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n";
const close = "Host: example.com\r\nConnection: close\r\n";

test("listenHttp() hands over method, URL and headers as they came", async () => {
  let seen: EdgeRequest | null = null;
  await using listener = await listen((request) => {
    seen = request;
    return {
      status: 201,
      statusText: "Made",
      headers: "x-one\n1\nset-cookie\na=1\nset-cookie\nb=2",
      body: "hällo",
    };
  });
  const reply = await exchange(
    listener.port,
    "PUT /a%20b?c=d HTTP/1.1\r\nHost: EXAMPLE.com:80\r\nX-A: 1\r\nx-a:  2 \r\nConnection: close\r\n\r\n",
  );
  assert.is(seen!.method, "PUT");
  assert.is(seen!.url, "http://example.com/a%20b?c=d");
  assert.is(seen!.body, null);
  assert.match(seen!.headers, "host\nEXAMPLE.com:80\nx-a\n1\nx-a\n2\n");
  assert.is(seen!.cfJson, `{"httpProtocol":"HTTP/1.1"}`);
  assert.match(
    reply,
    /^HTTP\/1\.1 201 Made\r\nx-one: 1\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 6\r\n/,
  );
  assert.ok(reply.endsWith("\r\n\r\nh\xc3\xa4llo"));
});

test("listenHttp() takes the absolute form and an IPv6 host", async () => {
  await using listener = await listen(({ url }) => ({ body: url }));
  assert.match(
    await exchange(listener.port, `GET http://Example.com?x=1 HTTP/1.1\r\n${close}\r\n`),
    /\r\n\r\nhttp:\/\/example\.com\/\?x=1$/,
  );
  assert.match(
    await exchange(listener.port, "GET /p HTTP/1.1\r\nHost: [0::1]:81\r\nConnection: close\r\n\r\n"),
    /http:\/\/\[::1\]:81\/p$/,
  );
});

test("listenHttp() drops headers of one hop and what the client says about its address", async () => {
  await using listener = await listen(({ headers }) => ({
    headers: "connection\nx-inner\nkeep-alive\n9\ntransfer-encoding\ngzip\nupgrade\nx\nx-kept\n1",
    body: headers,
  }));
  const reply = await exchange(
    listener.port,
    `${GET}Connection: X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\nUpgrade: foo\r\nProxy-Authorization: x\r\nKeep-Alive: 1\r\n` +
      "CF-Connecting-IP: 6.6.6.6\r\ncf-ray: 1\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil\r\nX-Real-IP: 6.6.6.6\r\n" +
      "Forwarded: for=6.6.6.6\r\nTrue-Client-IP: 6.6.6.6\r\nX-Kept: 1\r\n\r\n",
  );
  const [head, body] = reply.split("\r\n\r\n") as [string, string];
  assert.not.match(body, /6\.6\.6\.6|evil|cf-ray|x-hop|upgrade|proxy-auth|keep-alive|connection\n|te\n/);
  assert.is(header(body, "x-kept"), "1");
  for (const name of ["cf-connecting-ip", "x-real-ip", "x-forwarded-for"])
    assert.is(header(body, name), "127.0.0.1", name);
  assert.is(header(body, "x-forwarded-proto"), "http");
  assert.not.match(head, /x-inner|keep-alive|gzip|upgrade/i);
  assert.match(head, /x-kept: 1/);
});

test("listenHttp() believes a trusted proxy, but nothing left of the first hop that is not trusted", async () => {
  await using listener = await listen(({ headers, url }) => ({ body: `${url}\n${headers}` }), {
    trustedProxies: ["127.0.0.0/8", "10.0.0.0/8"],
  });
  const reply = await exchange(
    listener.port,
    `${GET}X-Forwarded-For: 6.6.6.6, 9.9.9.9\r\nX-Forwarded-For: 10.0.0.7\r\nX-Forwarded-Proto: https\r\nCF-IPCountry: CH\r\nCF-Connecting-IP: 6.6.6.6\r\n\r\n`,
  );
  const body = reply.split("\r\n\r\n")[1]!;
  const [url, ...rest] = body.split("\n");
  assert.is(url, "https://example.com/");
  const headers = rest.join("\n");
  assert.is(header(headers, "cf-connecting-ip"), "9.9.9.9");
  assert.is(header(headers, "x-forwarded-for"), "6.6.6.6, 9.9.9.9,10.0.0.7, 127.0.0.1");
  assert.is(header(headers, "x-forwarded-proto"), "https");
  assert.is(header(headers, "cf-ipcountry"), "CH");
});

test("listenHttp() hands over small bodies as text or bytes of exact size", async () => {
  const bodies: EdgeRequest["body"][] = [];
  await using listener = await listen(({ body }) => {
    bodies.push(body);
    return {};
  });
  const post = (type: string, body: string): Promise<string> =>
    exchange(
      listener.port,
      `POST / HTTP/1.1\r\n${close}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  await post("application/json; charset=utf-8", `{"a":"\xc3\xa4"}`);
  await post("text/plain", "\xff\xfe");
  await post("text/plain", "\xef\xbb\xbfabc");
  await post("application/octet-stream", "abc");
  await post("text/plain", "");
  assert.is(bodies[0], `{"a":"ä"}`);
  assert.equal(bodies[1], new Uint8Array([0xff, 0xfe]));
  assert.equal(bodies[2], new Uint8Array([0xef, 0xbb, 0xbf, 97, 98, 99]));
  assert.is(bodies[4], "");
  for (const body of bodies.slice(1, 4) as Uint8Array[]) {
    assert.is(Object.getPrototypeOf(body), Uint8Array.prototype);
    assert.is(body.buffer.byteLength, body.length);
  }
});

test("listenHttp() ignores the body of a GET", async () => {
  await using listener = await listen(({ body, headers }) => ({ body: `${body}|${headers}` }));
  const reply = await exchange(listener.port, `${GET}Content-Length: 3\r\n\r\nabc`);
  assert.match(reply, /null\|/);
  assert.not.match(reply.split("\r\n\r\n")[1]!, /content-length/);
});

test("listenHttp() streams a chunked body, in chunks of exact size", async () => {
  await using listener = await listen(async ({ body }) => {
    const chunks = await Array.fromAsync(body as ReadableStream<Uint8Array>);
    return {
      body:
        JSON.stringify(
          chunks.map((chunk) => [chunk.length === chunk.buffer.byteLength, chunk.constructor.name]),
        ) + chunks.length,
    };
  });
  using client = new RawClient(listener.port);
  client.send(`POST / HTTP/1.1\r\n${close}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`);
  await new Promise((resolve) => setTimeout(resolve, 30));
  client.send("6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n");
  await client.closed;
  assert.match(client.received, `[[true,"Uint8Array"],[true,"Uint8Array"]]2`);
});

test("listenHttp() reads a large body only as fast as it is wanted", async () => {
  const gate = Promise.withResolvers<void>();
  await using listener = await listen(async ({ body }) => {
    await gate.promise;
    return { body: String((await text(body)).length) };
  });
  using client = new RawClient(listener.port);
  const size = 30_000_000;
  client.send(`POST / HTTP/1.1\r\n${close}Content-Length: ${size}\r\n\r\n`);
  client.socket.write(Buffer.alloc(size, "a"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(client.socket.writableLength > 0, "the client could send everything though nobody read");
  gate.resolve();
  await client.closed;
  assert.match(client.received, /\r\n\r\n30000000$/);
});

test("listenHttp() refuses a body that is too large by its length, before the handler runs", async () => {
  let ran = false;
  await using listener = await listen(
    () => {
      ran = true;
      return {};
    },
    { requestBodyBytes: 100_000 },
  );
  const reply = await exchange(
    listener.port,
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n${"a".repeat(100_001)}GET / HTTP/1.1\r\nHost: a\r\n\r\n`,
  );
  assert.match(reply, /^HTTP\/1\.1 413 /);
  assert.is(reply.split("HTTP/1.1").length, 2);
  assert.not(ran);
});

test("listenHttp() refuses a body that is too large by counting, and aborts the event", async () => {
  let failure = "";
  let aborted = false;
  await using listener = await listen(
    async ({ body, signal }) => {
      await text(body).catch((error: Error) => {
        failure = error.message;
      });
      aborted = signal.aborted;
      return { body: "late" };
    },
    { requestBodyBytes: 100_000 },
  );
  const chunk = `186a0\r\n${"a".repeat(100_000)}\r\n`;
  const reply = await exchange(
    listener.port,
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}0\r\n\r\n`,
  );
  assert.match(reply, /^HTTP\/1\.1 413 /);
  assert.not.match(reply, /late/);
  assert.match(failure, "larger than 100000 bytes");
  assert.ok(aborted);
});

test("listenHttp() says 100 Continue only when the body is wanted", async () => {
  const gate = Promise.withResolvers<void>();
  await using listener = await listen(async ({ body, url }) => {
    if (url.endsWith("/no")) return { status: 403 };
    await gate.promise;
    return { body: await text(body) };
  });
  using client = new RawClient(listener.port);
  client.send(`POST /yes HTTP/1.1\r\n${close}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.is(client.received, "");
  gate.resolve();
  await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  client.send("abc");
  await client.closed;
  assert.match(client.received, /200 OK[^]*abc$/);
  const refused = await exchange(
    listener.port,
    "POST /no HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
  );
  assert.match(refused, /^HTTP\/1\.1 403 [^]*Connection: close/);
});

test("listenHttp() breaks the body stream and aborts when an upload is cut", async () => {
  let failure = "";
  let begun = false;
  const aborted = Promise.withResolvers<void>();
  await using listener = await listen(async ({ body, signal }) => {
    begun = true;
    signal.addEventListener("abort", () => aborted.resolve());
    await text(body).catch((error: Error) => {
      failure = error.message;
    });
    return {};
  });
  using client = new RawClient(listener.port);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc");
  await eventually(() => begun, "the handler runs");
  client.socket.destroy();
  await aborted.promise;
  await eventually(() => failure.includes("disconnected"), "the body fails");
});

test("listenHttp() answers 408 to a body that stops coming, small or streamed", async () => {
  await using listener = await listen(async ({ body }) => ({ body: await text(body).catch(() => "cut") }), {
    bodyIdleMs: 100,
    smallBodyTimeoutMs: 100,
  });
  const head = "POST / HTTP/1.1\r\nHost: a\r\n";
  assert.match(await exchange(listener.port, `${head}Content-Length: 10\r\n\r\nabc`), /^HTTP\/1\.1 408 /);
  assert.match(
    await exchange(listener.port, `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`),
    /^HTTP\/1\.1 408 /,
  );
});

test("listenHttp() closes connections whose head never comes", async () => {
  await using listener = await listen(() => ({}), { headersTimeoutMs: 150 });
  assert.match(await exchange(listener.port, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow"), /^HTTP\/1\.1 408 /);
  assert.match(await exchange(listener.port, ""), /^(HTTP\/1\.1 408 |$)/);
});

test("listenHttp() closes the connection of a client that does not take its answer", async () => {
  for (const body of [new Uint8Array(30_000_000), endless()]) {
    await using listener = await listen(() => ({ body }), { writeIdleMs: 150 });
    using client = new RawClient(listener.port);
    client.socket.pause();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await eventually(() => listener.connections === 1, "connected");
    await eventually(() => listener.connections === 0, "closed");
  }
});

test("listenHttp() streams a response, its head at once and its chunks as they come", async () => {
  const gate = Promise.withResolvers<void>();
  await using listener = await listen(() => ({
    headers: "content-type\ntext/event-stream",
    body: new ReadableStream({
      async start(controller) {
        await gate.promise;
        controller.enqueue(new TextEncoder().encode("one"));
        controller.enqueue(new Uint8Array(200_000).fill(97));
        controller.close();
      },
    }),
  }));
  using client = new RawClient(listener.port);
  client.send(`${GET}\r\n`);
  await client.until(
    /^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream\r\n[^]*Transfer-Encoding: chunked[^]*\r\n\r\n$/,
  );
  gate.resolve();
  await client.closed;
  const body = client.received
    .split("\r\n\r\n")
    .slice(1)
    .join("")
    .replaceAll(/\r\n[0-9a-f]+\r\n|^[0-9a-f]+\r\n/g, "");
  assert.ok(body.startsWith(`one${"a".repeat(200_000)}`), body.slice(0, 50));
  assert.ok(client.received.endsWith("\r\n0\r\n\r\n"));
});

test("listenHttp() keeps the Content-Length of a stream, and cuts a stream that does not hold to it", async () => {
  await using listener = await listen(({ url }) => ({
    headers: "content-length\n5",
    body: new Blob([
      { "/even": "hello", "/short": "hell", "/long": "hello!" }[new URL(url).pathname]!,
    ]).stream(),
  }));
  const get = (path: string): Promise<string> =>
    exchange(listener.port, `GET ${path} HTTP/1.1\r\n${close}\r\n`);
  assert.match(await get("/even"), /content-length: 5\r\n[^]*\r\n\r\nhello$/);
  assert.not.match(await get("/short"), /Transfer-Encoding/);
  assert.not.match(await get("/long"), /hello!/);
  await assertRejects(() => fetch(`${listener.url}/short`).then((response) => response.text()));
});

test("listenHttp() cuts the connection when a stream fails after the head", async () => {
  await using listener = await listen(() => {
    let chunks = 0;
    return {
      body: new ReadableStream(
        {
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            if (chunks++ > 0) controller.error(new Error("worker broke"));
            else controller.enqueue(new TextEncoder().encode("part"));
          },
        },
        { highWaterMark: 0 },
      ),
    };
  });
  const broken = await exchange(listener.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.match(broken, "part");
  assert.not.match(broken, /\r\n0\r\n\r\n$/);
});

test("listenHttp() cancels the response body and aborts when the client goes away", async () => {
  let cancelled = false;
  let signal: GoneSignal | null = null;
  await using listener = await listen((request) => {
    signal = request.signal;
    return {
      body: endless(() => {
        cancelled = true;
      }),
    };
  });
  using client = new RawClient(listener.port);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await client.until(/xxxx/);
  client.socket.destroy();
  await eventually(() => cancelled && signal!.aborted, "cancelled and aborted");
});

test("listenHttp() aborts when the client goes away before the answer, and not after it", async () => {
  const signals: GoneSignal[] = [];
  await using listener = await listen(async ({ signal, url }) => {
    signals.push(signal);
    if (url.endsWith("/hang"))
      await new Promise<void>((resolve) => signal.addEventListener("abort", resolve));
    return { body: "ok" };
  });
  using client = new RawClient(listener.port);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await client.until(/ok$/);
  client.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n");
  await eventually(() => signals.length === 2, "second request");
  client.socket.destroy();
  await eventually(() => signals[1]!.aborted, "aborted");
  assert.not(signals[0]!.aborted);
});

test("listenHttp() sends no body with HEAD, 204, 205 and 304", async () => {
  let cancelled = 0;
  await using listener = await listen(({ url }) => {
    const path = new URL(url).pathname;
    if (path === "/stream")
      return {
        headers: "content-length\n7",
        body: endless(() => {
          cancelled += 1;
        }),
      };
    if (path === "/text") return { body: "hello" };
    return { status: Number(path.slice(1)), headers: "content-length\n4", body: "oops" };
  });
  const ask = (method: string, path: string): Promise<string> =>
    exchange(listener.port, `${method} ${path} HTTP/1.1\r\n${close}\r\n`);
  for (const [method, path, length] of [
    ["HEAD", "/text", "5"],
    ["HEAD", "/stream", "7"],
    ["GET", "/204", null],
    ["GET", "/205", "0"],
    ["GET", "/304", "4"],
  ] as const) {
    const reply = await ask(method, path);
    assert.ok(reply.endsWith("\r\n\r\n"), `${method} ${path}: ${reply}`);
    assert.is(/content-length: (\d+)/i.exec(reply)?.[1] ?? null, length, `${method} ${path}`);
    assert.not.match(reply, /chunked/i);
  }
  assert.is(cancelled, 1);
});

test("listenHttp() answers 500 when a stream fails before its first byte, if it does so at once", async () => {
  let late = false;
  await using listener = await listen(() => ({
    headers: "x-secret\n1",
    body: new ReadableStream(
      {
        async pull() {
          if (late) await new Promise((resolve) => setTimeout(resolve, 30));
          throw new Error("worker broke");
        },
      },
      { highWaterMark: 0 },
    ),
  }));
  const { port } = listener;
  using client = new RawClient(port);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const answered = await client.until(/Error 1101/);
  assert.match(answered, /^HTTP\/1\.1 500 Internal Server Error\r\n/);
  assert.not.match(answered, "x-secret");
  late = true;
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await client.closed;
  assert.match(client.received, "x-secret");
  assert.not.match(client.received, /\r\n0\r\n\r\n$/);
});

test("listenHttp() answers 500 where a worker's head is no HTTP, with a stream behind it", async () => {
  let cancelled = false;
  await using listener = await listen(() => ({
    headers: "x y\n1",
    body: new ReadableStream({ cancel: () => void (cancelled = true) }, { highWaterMark: 0 }),
  }));
  assert.match(
    await exchange(listener.port, `${GET}\r\n`),
    /^HTTP\/1\.1 500 Internal Server Error\r\n[^]*Error 1101/,
  );
  await eventually(() => cancelled, "the stream is let go");
});

test("listenHttp() answers 500 where a worker's head is no HTTP", async () => {
  const heads = [
    { headers: "x\na\rb" },
    { headers: "x\na\0b" },
    { headers: "x\n\u20ac" },
    { headers: "x y\n1" },
    { headers: "\n1" },
    { status: 0 },
    { status: 101 },
    { status: 600 },
    { status: 200.5 },
    { statusText: "a\r\nSet-Cookie: b" },
  ];
  let index = 0;
  await using listener = await listen(() => ({ body: "secret", ...heads[index] }));
  for (; index < heads.length; index += 1) {
    const reply = await exchange(listener.port, `${GET}\r\n`);
    assert.match(
      reply,
      /^HTTP\/1\.1 500 Internal Server Error\r\n[^]*Error 1101/,
      JSON.stringify(heads[index]),
    );
    assert.not.match(reply, /secret|Set-Cookie/);
  }
});

test("listenHttp() keeps bytes above ASCII in headers as they are", async () => {
  await using listener = await listen(() => ({ headers: "x-name\n\xe4", body: "\xe4" }));
  const reply = await exchange(listener.port, `${GET}\r\n`);
  assert.match(reply, "x-name: \xe4\r\n");
  assert.ok(reply.endsWith("\r\n\r\n\xc3\xa4"));
});

test("listenHttp() answers 500 when the handler rejects", async () => {
  await using listener = await listen(() => Promise.reject(new Error("secret")));
  const reply = await exchange(listener.port, `${GET}Accept: text/html\r\n\r\n`);
  assert.match(reply, /^HTTP\/1\.1 500 [^]*text\/html[^]*Internal error/);
  assert.not.match(reply, /secret/);
});

test("listenHttp() answers pipelined requests in their order", async () => {
  await using listener = await listen(async ({ url }) => {
    if (url.endsWith("/slow")) await new Promise((resolve) => setTimeout(resolve, 50));
    return { body: new URL(url).pathname };
  });
  const reply = await exchange(
    listener.port,
    `GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /fast HTTP/1.1\r\n${close}\r\n`,
  );
  assert.match(reply, /\/slow[^]*\/fast$/);
});

test("HttpListener.close() lets requests end, with Connection: close, and cuts the rest after its grace", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let begun = 0;
  const listener = await listen(async () => {
    await gates[begun++]!.promise;
    return answer({ body: "done" });
  });
  using idle = new RawClient(listener.port);
  using quick = new RawClient(listener.port);
  using hung = new RawClient(listener.port);
  quick.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await eventually(() => begun === 1, "first");
  hung.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await eventually(() => begun === 2, "second");
  const closed = listener.close(400);
  await idle.closed;
  using late = new RawClient(listener.port);
  await late.closed;
  gates[0]!.resolve();
  await quick.closed;
  assert.match(quick.received, /Connection: close\r\n[^]*done$/);
  assert.is(hung.socket.destroyed, false);
  await closed;
  await hung.closed;
  assert.is(hung.received, "");
  gates[1]!.resolve();
});

test("listenHttp() says which address it could not have", async () => {
  await using listener = await listen(() => ({}));
  await assertRejects(
    () => listen(() => ({}), { port: listener.port }),
    /Cannot listen on 127\.0\.0\.1:\d+: EADDRINUSE/,
  );
  await assertRejects(() => listen(() => ({}), { trustedProxies: ["10.0.0.0/33"] }), /10\.0\.0\.0\/33/);
});

function endless(onCancel: () => void = () => {}): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        await new Promise((resolve) => setImmediate(resolve));
        controller.enqueue(new Uint8Array(65_536).fill(120));
      },
      cancel: onCancel,
    },
    { highWaterMark: 0 },
  );
}

async function assertRejects(run: () => Promise<unknown>, pattern = /./): Promise<void> {
  const error = await run().then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.instance(error, Error);
  assert.match((error as Error).message, pattern);
}

test.run();

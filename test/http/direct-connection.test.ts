import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EdgeRequest, EdgeResponse } from "../../src/dispatch/edge.ts";
import { eventually } from "../eventually.ts";
import { RawClient, listen as listenWith } from "./edge-fixture.ts";

/** A machine may stand still between any two steps: nobody is late here. */
const PATIENT = { keepAliveTimeoutMs: 600_000, headersTimeoutMs: 600_000 };
const listen: typeof listenWith = async (handle, options) =>
  await listenWith(handle, { ...PATIENT, ...options });

const HOST = "Host: example.com\r\n";
/** What only Node reads: its one more value means nothing. */
const BY_NODE = "Connection: keep-alive, x-nothing\r\n";
const get = (path: string, more = ""): string => `GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n`;

function streamOf(...parts: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const part = parts.shift();
        if (part === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(part));
      },
    },
    { highWaterMark: 0 },
  );
}

/** Answers of every kind, by path. */
const ANSWERS: Readonly<Record<string, () => Partial<EdgeResponse>>> = {
  "/text": () => ({ headers: "content-type\ntext/plain\nset-cookie\na=1\nset-cookie\nb=2", body: "text" }),
  "/wide": () => ({ body: "h\u00e4llo \u{1f600}" }),
  "/bytes": () => ({ body: new Uint8Array([0, 255, 10]) }),
  "/no-bytes": () => ({ body: new Uint8Array(0) }),
  "/nothing": () => ({ body: null }),
  "/made": () => ({ status: 201, statusText: "Made it", headers: "x-a\n", body: "" }),
  "/hop": () => ({ headers: "connection\nclose\nkeep-alive\n1\ntransfer-encoding\nchunked", body: "hop" }),
  "/length": () => ({ headers: "content-length\n99", body: "length" }),
  "/date": () => ({ headers: "date\nThu, 01 Jan 1970 00:00:00 GMT", body: "date" }),
  "/high": () => ({ headers: "x-a\n\u00e4", body: "\u00e4" }),
  "/204": () => ({ status: 204 }),
  "/304": () => ({ status: 304, headers: `etag\n"a"`, isPlain: true }),
  "/stream": () => ({ body: streamOf("one", "two") }),
  "/sized": () => ({ headers: "content-length\n6", body: streamOf("one", "two") }),
  "/bad-name": () => ({ headers: "x a\n1", body: "bad" }),
  "/bad-value": () => ({ headers: "x-a\n\u0001", body: "bad" }),
  "/bad-status": () => ({ status: 99, body: "bad" }),
  "/bad-text": () => ({ statusText: "a\u0001", body: "bad" }),
  "/socket": () => ({
    status: 101,
    socket: { maxMessageBytes: 1, connect: () => {}, refuse: () => {} },
  }),
};

function answer({ url }: EdgeRequest): Partial<EdgeResponse> {
  return ANSWERS[new URL(url).pathname]!();
}

for (const path of Object.keys(ANSWERS)) {
  for (const method of ["GET", "HEAD"]) {
    test(`a plain ${method} of ${path} is answered as Node answers it, and the next one as well`, async () => {
      await using listener = await listen(answer);
      const replies: string[] = [];
      for (const more of ["", BY_NODE]) {
        using client = new RawClient(listener.port);
        client.send(`${method} ${path} HTTP/1.1\r\n${HOST}${more}\r\n`);
        await client.until(/\r\n\r\n/);
        client.send(get("/text", more));
        const both = await client.until(/\r\n\r\ntext$/);
        replies.push(both.replaceAll(/\r\nDate: [^\r]* GMT\r\n/g, "\r\nDate: now\r\n"));
      }
      assert.is(replies[0], replies[1]);
    });
  }
}

test("a connection goes on where requests of every kind follow each other", async () => {
  const seen: (readonly [string, EdgeRequest["body"]])[] = [];
  await using listener = await listen(async ({ method, url, body, headers }) => {
    const text = body instanceof ReadableStream ? await new Response(body as never).text() : body;
    seen.push([`${method} ${new URL(url).pathname}`, text]);
    return { body: `<${seen.length}>${headers.includes("cf-connecting-ip\n127.0.0.1") ? "" : "?"}` };
  });
  using client = new RawClient(listener.port);
  const post = (path: string, type: string, body: string): string =>
    `POST ${path} HTTP/1.1\r\n${HOST}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const sent = [
    get("/1"),
    post("/2", "application/json", `{"a":1}`),
    post("/3", "application/octet-stream", "\0\xff"),
    post("/4", "text/plain", ""),
    `POST /5 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    get("/6"),
  ];
  for (const [index, text] of sent.entries()) {
    client.send(text);
    await client.until(new RegExp(`<${index + 1}>$`));
  }
  assert.equal(seen, [
    ["GET /1", null],
    ["POST /2", `{"a":1}`],
    ["POST /3", new Uint8Array([0, 255])],
    ["POST /4", ""],
    ["POST /5", "abc"],
    ["GET /6", null],
  ]);
});

test("a body that is coded on its way out goes out coded on a direct connection", async () => {
  await using listener = await listen(() => ({
    headers: "content-encoding\ngzip",
    body: "plain",
    isPlain: true,
  }));
  using client = new RawClient(listener.port);
  client.send(get("/", "Accept-Encoding: gzip\r\n"));
  const reply = await client.until(/\r\n0\r\n\r\n$/);
  const [head = "", body = ""] = reply.split(/\r\n\r\n([^]*)/);
  assert.match(head, /content-encoding: gzip/i);
  let packed = "";
  for (let rest = body; ;) {
    const size = Number.parseInt(rest, 16);
    if (size === 0) break;
    const start = rest.indexOf("\r\n") + 2;
    packed += rest.slice(start, start + size);
    rest = rest.slice(start + size + 2);
  }
  assert.is(gunzipSync(Buffer.from(packed, "latin1")).toString(), "plain");
  client.send(get("/", "Connection: close\r\n"));
  await client.closed;
  assert.match(client.received, /Connection: close\r\n\r\nplain$/);
});

test("what comes while a request is under way waits for its answer, whatever it is", async () => {
  const gates = new Map<string, () => void>();
  await using listener = await listen(async ({ url }) => {
    const path = new URL(url).pathname;
    await new Promise<void>((resolve) => gates.set(path, resolve));
    return { body: `<${path}>` };
  });
  using client = new RawClient(listener.port);
  client.send(get("/1"));
  await eventually(() => gates.has("/1"), "the first is under way");
  client.send(get("/2"));
  client.send(`POST /3 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
  client.send(get("/4"));
  gates.get("/1")!();
  for (const path of ["/2", "/3", "/4"]) {
    await eventually(() => gates.has(path), path);
    gates.get(path)!();
  }
  await client.until(/<\/4>$/);
  assert.equal(client.received.match(/<\/\d>/g), ["</1>", "</2>", "</3>", "</4>"]);
});

test("much that comes while a request is under way stays with the system", async () => {
  const gate = Promise.withResolvers<void>();
  let asked = 0;
  await using listener = await listen(async () => {
    asked++;
    await gate.promise;
    return { body: "ok" };
  });
  using client = new RawClient(listener.port);
  client.send(get("/"));
  await eventually(() => asked === 1, "under way");
  client.send(get("/").repeat(200_000));
  client.socket.pause();
  await eventually(() => client.socket.writableLength > 0, "the system takes no more");
  assert.is(asked, 1);
  gate.resolve();
  client.socket.destroy();
});

test("a direct connection ends after so many requests, and says so", async () => {
  await using listener = await listen(() => ({ body: "ok" }), { maxRequestsPerSocket: 2 });
  using client = new RawClient(listener.port);
  client.send(get("/"));
  await client.until(/Connection: keep-alive\r\nKeep-Alive: timeout=600, max=2\r\n\r\nok$/);
  client.send(get("/"));
  await client.closed;
  assert.match(client.received, /Connection: close\r\n\r\nok$/);
});

test("the answer to a client that says it sends no more is of no use, and its event hears so", async () => {
  let aborted = false;
  await using listener = await listen(async ({ signal }) => {
    await new Promise<void>((resolve) => signal.addEventListener("abort", resolve));
    aborted = signal.aborted;
    return { body: "late" };
  });
  using client = new RawClient(listener.port);
  client.socket.end(get("/"));
  await client.closed;
  await eventually(() => aborted, "the event heard of it");
  assert.is(client.received, "");
});

test("what one worker answers is never sent for another's answer, however alike the two look", async () => {
  const heads: Partial<EdgeResponse>[] = [
    { headers: "pcontent-type\ntext/html", body: "a" },
    { headers: "content-type\ntext/html", isPlain: true, body: "b" },
    { headers: "content-type\ntext/html", body: "c" },
    { statusText: "plain", headers: "", body: "d" },
    { statusText: "", headers: "plain\n1", body: "e" },
  ];
  await using listener = await listen(({ url }) => heads[Number(new URL(url).pathname.slice(1))]!);
  for (const order of [
    [0, 1, 2, 3, 4],
    [4, 3, 2, 1, 0],
  ]) {
    using client = new RawClient(listener.port);
    for (const index of order) {
      client.send(get(`/${index}`));
      const text = await client.until(new RegExp(`\r\n\r\n.*${"abcde"[index]}$`));
      const head = text.slice(text.lastIndexOf("HTTP/1.1"));
      assert.is(/^content-type: text\/html\r$/m.test(head), index === 1 || index === 2, head);
      assert.is(/^pcontent-type: text\/html\r$/m.test(head), index === 0, head);
    }
  }
});

for (const [how, last] of Object.entries({
  "asks for the last time": get("/small", "Connection: close\r\n"),
  "ends its side": "",
}))
  test(`a client that takes nothing and ${how} is cut off`, async () => {
    let ours: Socket | undefined;
    const hear = (message: unknown): void => void (ours = (message as { socket: Socket }).socket);
    subscribe("net.server.socket", hear);
    const big = "x".repeat(60_000);
    await using listener = await listen(({ url }) => ({ body: url.endsWith("/small") ? "small" : big }), {
      writeIdleMs: 1_000,
    });
    const theirs = connect({ port: listener.port, host: "127.0.0.1" });
    theirs.on("error", () => {}).pause();
    // One at a time, until the system has no room for what is not taken: a little waits here then.
    for (let asked = 1; (ours?.writableLength ?? 0) === 0; asked++) {
      theirs.write(get("/big"));
      await eventually(() => (ours?.bytesWritten ?? 0) >= asked * big.length, `answer ${asked}`);
    }
    unsubscribe("net.server.socket", hear);
    if (last === "") theirs.end();
    else theirs.write(last);
    await eventually(() => listener.connections === 0, "the connection is gone");
    theirs.destroy();
  });

test.run();

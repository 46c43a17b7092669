import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EdgeResponse } from "../../src/dispatch/edge.ts";
import { codingOf } from "../../src/egress/coding.ts";
import { accepts, encodeBody } from "../../src/http/encode-body.ts";
import { eventually } from "../eventually.ts";
import { listen, RawClient } from "./edge-fixture.ts";

test("accepts() reads names and weights of codings", () => {
  for (const [header, takes] of [
    ["gzip", true],
    ["br, GZIP;q=0.5", true],
    ["*", true],
    ["gzip;q=0, *", false],
    ["gzip ; q=0", false],
    ["br", false],
    ["", false],
    [undefined, false],
  ] as const)
    assert.is(accepts(header, "gzip"), takes, header);
  assert.is(codingOf(" GZIP "), "gzip");
  assert.is(codingOf("gzip, br"), null);
  assert.is(codingOf("zstd"), null);
});

const TEXT = "hello ".repeat(20_000);

/** What a client gets that takes these codings. */
async function ask(parts: Partial<EdgeResponse>, takes: string, method = "GET", has = ""): Promise<Response> {
  await using listener = await listen(() => ({ isPlain: true, ...parts }));
  using client = new RawClient(listener.port);
  const accept = takes === "" ? "" : `accept-encoding: ${takes}\r\n`;
  const known = has === "" ? "" : `if-none-match: ${has}\r\n`;
  client.send(`${method} / HTTP/1.1\r\nhost: a\r\n${accept}${known}connection: close\r\n\r\n`);
  await client.closed;
  const [head = "", ...rest] = client.received.split("\r\n\r\n");
  const headers = new Headers(
    head
      .split("\r\n")
      .slice(1)
      .map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
  return new Response(unchunked(Buffer.from(rest.join("\r\n\r\n"), "latin1"), headers), { headers });
}

function unchunked(body: Buffer, headers: Headers): Uint8Array<ArrayBuffer> {
  if (headers.get("transfer-encoding") !== "chunked") return new Uint8Array(body);
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const end = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    pieces.push(body.subarray(end + 2, end + 2 + size));
    at = end + 4 + size;
  }
  return new Uint8Array(Buffer.concat(pieces));
}

test("a plain body goes out in the form that its Content-Encoding names", async () => {
  const streamed = (): ReadableStream<Uint8Array> => new Blob([TEXT]).stream();
  for (const body of [() => TEXT, () => Buffer.from(TEXT), streamed]) {
    const gzip = await ask(
      { headers: `Content-Encoding\ngzip\ncontent-length\n${TEXT.length}`, body: body() },
      "gzip",
    );
    assert.is(gzip.headers.get("content-length"), null);
    assert.ok(gunzipSync(await gzip.bytes()).toString() === TEXT);
    const brotli = await ask({ headers: "content-encoding\nbr", body: body() }, "gzip, br");
    assert.ok(brotliDecompressSync(await brotli.bytes()).toString() === TEXT);
  }
});

test("it goes out plain, and without the header, to a client that does not take that form", async () => {
  const answer = await ask({ headers: "content-encoding\ngzip\nx-a\n1", body: TEXT }, "br");
  assert.equal([answer.headers.get("content-encoding"), answer.headers.get("x-a")], [null, "1"]);
  assert.is(answer.headers.get("content-length"), String(TEXT.length));
  assert.ok((await answer.text()) === TEXT);
});

test("what is coded already, or of an unknown coding, stays as it is", async () => {
  for (const parts of [
    { isPlain: false, headers: "content-encoding\ngzip" },
    { headers: "content-encoding\nzstd" },
  ]) {
    const answer = await ask({ ...parts, body: "as it is" }, "gzip");
    assert.ok(answer.headers.has("content-encoding"));
    assert.is(await answer.text(), "as it is");
  }
});

/** What the head says about the form of the body. */
function formOf({ headers }: Response): (string | null)[] {
  return ["content-encoding", "content-length", "vary", "etag"].map((name) => headers.get(name));
}

test("a part goes out plain and without the header", async () => {
  const part = await ask({ headers: "content-encoding\ngzip", status: 206, body: "part" }, "gzip");
  assert.equal(formOf(part), [null, "4", "Accept-Encoding", null]);
  assert.is(await part.text(), "part");
});

test("both forms vary by Accept-Encoding, and the coded one has a weak ETag", async () => {
  for (const [vary, wanted] of [
    ["Origin", "Origin, Accept-Encoding"],
    ["a, ACCEPT-encoding", "a, ACCEPT-encoding"],
    ["*", "*"],
  ]) {
    const parts = { headers: `content-encoding\ngzip\nVary\n${vary}\nETag\n"v1"`, body: "text" };
    assert.equal(formOf(await ask(parts, "gzip")), ["gzip", null, wanted, 'W/"v1"']);
    assert.equal(formOf(await ask(parts, "br")), [null, "4", wanted, '"v1"']);
  }
  const weak = await ask({ headers: 'content-encoding\ngzip\netag\nW/"v1"', body: "text" }, "gzip");
  assert.equal(formOf(weak), ["gzip", null, "Accept-Encoding", 'W/"v1"']);
  assert.equal(formOf(await ask({ headers: 'etag\n"v1"', body: "text" }, "gzip")), [null, "4", null, '"v1"']);
});

test("a 304 has the ETag of the form that the client has", async () => {
  const etagFor = async (method: string, has: string, etag: string, isPlain = true): Promise<unknown> => {
    const parts = { headers: `etag\n${etag}`, status: 304, body: null, isPlain };
    const answer = await ask(parts, "gzip", method, has);
    return answer.headers.get("etag");
  };
  for (const method of ["GET", "HEAD"]) {
    assert.is(await etagFor(method, 'W/"v1"', '"v1"'), 'W/"v1"');
    assert.is(await etagFor(method, '"v0", W/"v1"', '"v1"'), 'W/"v1"');
    assert.is(await etagFor(method, '"v1"', '"v1"'), '"v1"');
    assert.is(await etagFor(method, 'W/"v1", "v1"', '"v1"'), '"v1"');
    assert.is(await etagFor(method, "*", '"v1"'), '"v1"');
    assert.is(await etagFor(method, "", '"v1"'), '"v1"');
    assert.is(await etagFor(method, 'W/"v1"', 'W/"v1"'), 'W/"v1"');
    // Static assets have a tag for each form.
    assert.is(await etagFor(method, 'W/"v1"', '"v1"', false), '"v1"');
  }
});

test("HEAD gets the head that GET would, and that of an origin's HEAD as it is", async () => {
  const coded = "content-encoding\ngzip\ncontent-length\n4";
  for (const body of [() => "text", () => Buffer.from("text"), () => new Blob(["text"]).stream()]) {
    const head = async (takes: string): Promise<unknown> =>
      formOf(await ask({ headers: coded, body: body() }, takes, "HEAD"));
    assert.equal(await head("gzip"), ["gzip", null, "Accept-Encoding", null]);
    assert.equal(await head("br"), [null, "4", "Accept-Encoding", null]);
  }
  const proxied = await ask({ headers: coded, body: null }, "br", "HEAD");
  assert.equal(formOf(proxied), ["gzip", "4", null, null]);
});

test("brotli keeps to a small window", async () => {
  const answer = await ask({ headers: "content-encoding\nbr", body: TEXT }, "br");
  // RFC 7932, 9.1: the first bits of 18 are 0011, of the default 1011.
  assert.is((await answer.bytes())[0]! & 0b1111, 0b0011);
});

test("beyond so many bodies of an account at once they go out plain, until an encoder is free", async () => {
  const asked = async (account: string): Promise<unknown> => {
    const answer = await ask({ headers: "content-encoding\ngzip", body: "text", account }, "gzip");
    await answer.arrayBuffer();
    return answer.headers.get("content-encoding");
  };
  const held: ReadableStream<Uint8Array>[] = [];
  const hold = (account: string): number => {
    let count = 0;
    for (; count < 100; count++) {
      const { readable } = new TransformStream<Uint8Array, Uint8Array>();
      const body = encodeBody(readable, count % 2 ? "gzip" : "br", account);
      if (body === null) return count;
      held.push(body);
    }
    return count;
  };
  assert.is(hold("storm"), 32);
  assert.is(await asked("storm"), null);
  const head = await ask(
    { headers: "content-encoding\ngzip", body: "text", account: "storm" },
    "gzip",
    "HEAD",
  );
  assert.is(head.headers.get("content-encoding"), "gzip");
  assert.is(await asked("calm"), "gzip");
  // However many accounts take all that they can get, one that comes later gets some.
  for (let account = 0; account < 3; account++) hold(`storm${account}`);
  assert.is(await asked("calm"), "gzip");
  await Promise.all(held.map((body) => body.cancel()));
  // More than there are encoders, one after the other: each gives its own back.
  for (let i = 0; i < 40; i++) assert.is(await asked("storm"), "gzip");
});

const ASK = "GET / HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\n\r\n";

/** Answers everything with a body that is to go out in gzip. */
function listenGzip(body: ReadableStream<Uint8Array>): ReturnType<typeof listen> {
  return listen(() => ({ isPlain: true, headers: "content-encoding\ngzip", body }));
}

test("each piece of a stream goes out coded before the next one is there", async () => {
  const source = new TransformStream<Uint8Array, Uint8Array>();
  await using listener = await listenGzip(source.readable);
  using client = new RawClient(listener.port);
  client.send(ASK);
  const writer = source.writable.getWriter();
  await writer.write(Buffer.from("data: 1\n\n"));
  // A header of gzip alone has ten bytes.
  await client.until(/\r\n\r\n[^]*\x1f\x8b[^]{20,}/);
  await writer.close();
});

test("a source that breaks breaks the coded body, and a client that goes away cancels it", async () => {
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(10)),
    pull: (controller) => controller.error(new Error("broken")),
  });
  await using listener = await listenGzip(broken);
  using client = new RawClient(listener.port);
  client.send(ASK);
  await client.closed;
  assert.not.match(client.received, /\r\n0\r\n\r\n$/);
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(crypto.getRandomValues(new Uint8Array(60_000))),
    cancel: () => resolve(),
  });
  await using other = await listenGzip(endless);
  using leaver = new RawClient(other.port);
  leaver.send(ASK);
  await leaver.until(/\x1f\x8b/);
  leaver.socket.destroy();
  await cancelled;
});

test("encodeBody() tells what it costs by the bytes that went in, of a text, a stream, and one that is given up", async () => {
  const TOTAL = 3_000_000;
  const PIECE = 50_000;
  const pieces = (): ReadableStream<Uint8Array> => {
    let left = TOTAL;
    return new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(PIECE));
        left -= PIECE;
        if (left === 0) controller.close();
      },
    });
  };
  for (const coding of ["gzip", "br"] as const)
    for (const body of ["x".repeat(TOTAL), pieces()]) {
      let sum = 0;
      const reader = encodeBody(body, coding, "one", (cpuUs) => void (sum += cpuUs))!.getReader();
      while (!(await reader.read()).done);
      await eventually(() => sum >= TOTAL * 0.02, `all of ${coding} is told`);
      assert.is(sum, TOTAL * 0.02);
    }
  let told = 0;
  const reader = encodeBody(pieces(), "gzip", "one", (cpuUs) => void (told += cpuUs))!.getReader();
  await reader.read();
  await reader.cancel();
  await eventually(() => told > 0, "what was given up is told");
  assert.ok(told > 0 && told <= TOTAL * 0.02, `${told}`);
});

test("a response tells its account's host what its form cost", async () => {
  let sum = 0;
  const spent = (cpuUs: number): void => void (sum += cpuUs);
  await ask({ headers: "content-encoding\ngzip", body: TEXT, spent }, "gzip");
  await eventually(() => sum >= TEXT.length * 0.02, "the cost is told");
  assert.is(sum, TEXT.length * 0.02);
});

test.run();

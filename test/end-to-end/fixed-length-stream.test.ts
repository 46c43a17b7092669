import { createServer, type IncomingHttpHeaders, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost } from "./fixture.ts";

const WORKER = `
const encode = (text) => new TextEncoder().encode(text);
const outcome = async (run) => { try { return await run(); } catch (error) { return error.name + ": " + error.message; } };
async function write(stream, ...texts) {
  const writer = stream.writable.getWriter();
  for (const text of texts) await writer.write(encode(text));
  await writer.close();
}
const tests = {
  async identity() {
    const stream = new IdentityTransformStream();
    const order = [];
    const writer = stream.writable.getWriter();
    const written = writer.write(encode("hello world")).then(() => order.push("written"));
    const reader = stream.readable.getReader({ mode: "byob" });
    const first = await reader.read(new Uint8Array(5));
    order.push("read");
    const second = await reader.read(new Uint8Array(20));
    await written;
    const closed = writer.close();
    const end = await reader.read(new Uint8Array(2));
    await closed;
    return [new TextDecoder().decode(first.value), new TextDecoder().decode(second.value), end.done, order,
      stream instanceof TransformStream, Object.prototype.toString.call(stream), IdentityTransformStream.length];
  },
  async through() {
    const source = new Response("x".repeat(100_000)).body;
    const text = await new Response(source.pipeThrough(new IdentityTransformStream({ highWaterMark: 10 }))).text();
    return text.length;
  },
  async refused() {
    const string = new IdentityTransformStream();
    const object = new IdentityTransformStream();
    const few = new FixedLengthStream(5);
    const many = new FixedLengthStream(5);
    const cancelled = new IdentityTransformStream();
    const pending = cancelled.writable.getWriter().write(encode("x"));
    const aborted = new IdentityTransformStream();
    const waiting = aborted.writable.getWriter();
    const unread = waiting.write(encode("x"));
    return [
      (await Promise.all([string.readable.getReader().read(), string.writable.getWriter().write("wörds")]))[0].value.length,
      await outcome(() => object.writable.getWriter().write({})),
      ...await Promise.all([outcome(() => write(few, "abc")), outcome(() => new Response(few.readable).text())]),
      ...await Promise.all([outcome(() => write(many, "abc", "def")), outcome(() => new Response(many.readable).text())]),
      ...await Promise.all([outcome(() => pending), outcome(() => cancelled.readable.cancel(new Error("no more")))]),
      ...await Promise.all([outcome(() => unread), outcome(() => waiting.abort(new Error("stop"))), outcome(() => new Response(aborted.readable).text())]),
      await outcome(() => new FixedLengthStream()), await outcome(() => new FixedLengthStream(-1)),
      await outcome(() => new FixedLengthStream(2 ** 53)), await outcome(() => new FixedLengthStream(10n) instanceof IdentityTransformStream),
    ];
  },
};
export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    const stream = new FixedLengthStream(11);
    if (pathname === "/respond") {
      ctx.waitUntil(write(stream, "hello ", "world"));
      return new Response(stream.readable, { headers: { "x-a": "1" } });
    }
    if (pathname === "/send") {
      ctx.waitUntil(write(stream, "hello ", "world"));
      return fetch(searchParams.get("to"), { method: "POST", body: stream.readable });
    }
    if (pathname === "/short") {
      ctx.waitUntil(write(stream, "hello").catch(() => {}));
      return new Response(stream.readable);
    }
    if (pathname === "/stuck") {
      await stream.writable.getWriter().write(encode("nobody reads this"));
      return new Response("never");
    }
    return Response.json(await tests[pathname.slice(1)]());
  },
};`;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** GETs with a Host header of its own; rejects if the answer breaks off. */
function get(port: number, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host: "length.test" };
    const sent = httpRequest({ port, host: "127.0.0.1", path: `/${path}`, headers }, (answer) => {
      readText(answer).then(
        (text) => resolve({ status: answer.statusCode!, headers: answer.headers, text }),
        reject,
      );
    });
    sent.on("error", reject).end();
  });
}

for (const cell of CELLS) {
  test(`IdentityTransformStream and FixedLengthStream carry bytes, and lengths to the wire (${cell})`, async () => {
    let seen: IncomingHttpHeaders = {};
    const server = createServer((request, response) => {
      seen = request.headers;
      void readText(request).then((text) => response.end(text));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await using at = await makeHost({ cell, egress: { allowAddresses: ["127.0.0.0/8"] } });
    const worker = await at.host.deploy({
      name: "length",
      main: "a.js",
      modules: [{ name: "a.js", type: "esm", content: WORKER }],
      routes: ["length.test/*"],
    });
    const { port } = await at.host.listen({ port: 0 });
    const ask = (path: string): Promise<Answer> => get(port, path);
    const result = async (path: string): Promise<unknown> =>
      await (await worker.fetch(`http://length.test/${path}`)).json();
    try {
      assert.equal(await result("identity"), [
        "hello",
        " world",
        true,
        ["read", "written"],
        true,
        "[object IdentityTransformStream]",
        0,
      ]);
      assert.is(await result("through"), 100_000);
      assert.equal(await result("refused"), [
        6,
        "TypeError: This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.",
        "TypeError: FixedLengthStream did not see all expected bytes before close().",
        "TypeError: FixedLengthStream did not see all expected bytes before close().",
        "TypeError: Attempt to write too many bytes through a FixedLengthStream.",
        "TypeError: Attempt to write too many bytes through a FixedLengthStream.",
        "Error: no more",
        null,
        "Error: stop",
        null,
        "Error: stop",
        "TypeError: FixedLengthStream requires an integer expected length less than 2^53.",
        "TypeError: The value cannot be converted because it is negative and this API expects a positive number.",
        "TypeError: FixedLengthStream requires an integer expected length less than 2^53.",
        true,
      ]);

      const answer = await ask("respond");
      assert.is(answer.text, "hello world");
      assert.is(answer.headers["content-length"], "11");
      assert.is(answer.headers["x-a"], "1");
      const { port: originPort } = server.address() as AddressInfo;
      const sent = await worker.fetch(`http://length.test/send?to=http://127.0.0.1:${originPort}/`);
      assert.is(await sent.text(), "hello world");
      assert.is(seen["content-length"], "11");
      assert.is(seen["transfer-encoding"], undefined);
      // It breaks off, or fails before anything went out.
      const short = await ask("short").catch(() => null);
      assert.ok(short === null || short.status === 500);
      assert.is((await ask("stuck")).status, 500);
    } finally {
      server.close();
    }
  });
}

test("the hosts of these tests close", closeHosts);

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EdgeRequest } from "../../src/dispatch/edge.ts";
import { webFetch } from "../../src/http/web-fetch.ts";
import { eventually } from "../eventually.ts";
import { answer, header } from "./edge-fixture.ts";

const text = (body: EdgeRequest["body"]): Promise<string> =>
  new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text();

test("webFetch() turns a Request into an edge request", async () => {
  let seen: EdgeRequest | null = null;
  let body = "";
  const fetch = webFetch(async (request) => {
    seen = request;
    body = await text(request.body);
    return answer({ status: 201, statusText: "Made", headers: "set-cookie\na\nset-cookie\nb", body: "hi" });
  });
  const request = Object.assign(
    new Request("http://Example.com:80/a?b#c", { method: "POST", body: "xyz", headers: { "X-A": "1" } }),
    { cf: { colo: "X" } },
  );
  const response = await fetch(request);
  assert.is(seen!.url, "http://example.com/a?b");
  assert.is(header(seen!.headers, "host"), "example.com");
  assert.is(header(seen!.headers, "x-a"), "1");
  assert.is(seen!.cfJson, `{"colo":"X"}`);
  assert.is(body, "xyz");
  assert.is(response.status, 201);
  assert.is(response.statusText, "Made");
  assert.equal(response.headers.getSetCookie(), ["a", "b"]);
  assert.is(response.headers.get("content-type"), null);
  assert.is(await response.text(), "hi");
});

test("webFetch() hands over a body that is given whole as it is, and as it was at the call", async () => {
  const seen: EdgeRequest["body"][] = [];
  const fetch = webFetch(async ({ body }) => {
    seen.push(body);
    return answer({});
  });
  const bytes = new Uint8Array([0, 1, 2, 3]);
  const asked = [
    fetch("http://a/", { method: "POST", body: "text \ud800" }),
    fetch("http://a/", { method: "POST", body: bytes.subarray(1, 3) }),
    fetch("http://a/", { method: "POST", body: bytes.buffer }),
  ];
  bytes.fill(9);
  await Promise.all(asked);
  assert.equal(seen, ["text \ufffd", new Uint8Array([1, 2]), new Uint8Array([0, 1, 2, 3])]);
  let thrown: unknown;
  await fetch("no url").catch((error: unknown) => (thrown = error));
  assert.instance(thrown, TypeError);
});

test("webFetch() gives bodies only where a Response may have one", async () => {
  let cancelled = 0;
  const fetch = webFetch(async ({ url }) =>
    answer({
      status: Number(new URL(url).pathname.slice(1)),
      body: new ReadableStream({
        cancel() {
          cancelled += 1;
        },
      }),
    }),
  );
  assert.is((await fetch(new Request("http://a/204"))).body, null);
  assert.is((await fetch(new Request("http://a/200", { method: "HEAD" }))).body, null);
  assert.is(cancelled, 2);
});

test("webFetch() rejects when the request is aborted before the answer, and lets the late body go", async () => {
  const gate = Promise.withResolvers<void>();
  let cancelled = false;
  const fetch = webFetch(async () => {
    await gate.promise;
    return answer({
      body: new ReadableStream({
        cancel() {
          cancelled = true;
        },
      }),
    });
  });
  const abort = new AbortController();
  const failure = fetch(new Request("http://a/", { signal: abort.signal })).catch(
    (error: Error) => error.name,
  );
  abort.abort();
  assert.is(await failure, "AbortError");
  gate.resolve();
  await eventually(() => cancelled, "cancelled");
});

test("webFetch() breaks the response's body when the request is aborted after the head", async () => {
  let cancelled = false;
  const fetch = webFetch(async () =>
    answer({
      body: new ReadableStream(
        {
          cancel() {
            cancelled = true;
          },
        },
        { highWaterMark: 0 },
      ),
    }),
  );
  const abort = new AbortController();
  const response = await fetch(new Request("http://a/", { signal: abort.signal }));
  const read = response.text().catch((error: Error) => error.name);
  abort.abort();
  assert.is(await read, "AbortError");
  assert.ok(cancelled);
});

test("webFetch() cancels the worker's body when the caller cancels", async () => {
  let reason: unknown;
  const fetch = webFetch(async () =>
    answer({
      body: new ReadableStream(
        {
          cancel(why) {
            reason = why;
          },
        },
        { highWaterMark: 0 },
      ),
    }),
  );
  await (await fetch(new Request("http://a/"))).body!.cancel("enough");
  assert.is(reason, "enough");
});

test("webFetch() hands over request chunks of exact size", async () => {
  const pooled = Buffer.from("pooled text");
  const source = new ReadableStream({
    start(c) {
      c.enqueue(pooled);
      c.close();
    },
  });
  let exact = false;
  const fetch = webFetch(async ({ body }) => {
    const [chunk] = await Array.fromAsync(body as ReadableStream<Uint8Array>);
    exact = chunk!.buffer.byteLength === chunk!.length && chunk!.constructor === Uint8Array;
    return answer();
  });
  await fetch(new Request("http://a/", { method: "POST", body: source, duplex: "half" }));
  assert.ok(exact);
});

test.run();

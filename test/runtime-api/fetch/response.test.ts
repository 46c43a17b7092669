import { test } from "uvu";
import * as assert from "uvu/assert";
import { Blob } from "../../../runtime-api/blob/blob.ts";
import { setBodyCap, takeResponse } from "../../../runtime-api/fetch/internal.ts";
import { Response } from "../../../runtime-api/fetch/response.ts";
import type { ResponseInit } from "../../../runtime-api/fetch/response.ts";
import { FormData } from "../../../runtime-api/form-data/form-data.ts";
import { ReadableStream } from "../../../runtime-api/streams/stream-classes.ts";
import type { ByteStream } from "../../../runtime-api/streams/stream-state.ts";
import { URLSearchParams } from "../../../runtime-api/url/url-search-params.ts";
import { rejection, standInHost } from "./stand-in-host.ts";
import { ofKind } from "../../of-kind.ts";

const NodeResponse = globalThis.Response;
standInHost();

function bytesOf(...texts: string[]): ByteStream {
  return ReadableStream.from(texts.map((text) => new TextEncoder().encode(text))) as unknown as ByteStream;
}

const BODIES: Record<string, () => { ours: unknown; theirs: unknown }> = {
  text: () => ({ ours: "h\u00e9llo \ud800", theirs: "h\u00e9llo \ud800" }),
  "empty text": () => ({ ours: "", theirs: "" }),
  "text with a BOM": () => ({ ours: "\ufeffx", theirs: "\ufeffx" }),
  null: () => ({ ours: null, theirs: null }),
  undefined: () => ({ ours: undefined, theirs: undefined }),
  number: () => ({ ours: 12, theirs: 12 }),
  object: () => ({ ours: { a: 1 }, theirs: { a: 1 } }),
  bytes: () => ({
    ours: new Uint8Array([104, 105, 255]).subarray(1),
    theirs: new Uint8Array([104, 105, 255]).subarray(1),
  }),
  buffer: () => ({ ours: new Uint8Array([104]).buffer, theirs: new Uint8Array([104]).buffer }),
  view: () => ({ ours: new DataView(new ArrayBuffer(3), 1), theirs: new DataView(new ArrayBuffer(3), 1) }),
  blob: () => ({
    ours: new Blob(["b"], { type: "x/y" }),
    theirs: new globalThis.Blob(["b"], { type: "x/y" }),
  }),
  params: () => ({ ours: new URLSearchParams("a=1&b= "), theirs: new globalThis.URLSearchParams("a=1&b= ") }),
  stream: () => ({
    ours: bytesOf("one", "two"),
    theirs: globalThis.ReadableStream.from([
      new Uint8Array([111, 110, 101]),
      new Uint8Array([116, 119, 111]),
    ]),
  }),
};
for (const [what, make] of Object.entries(BODIES)) {
  test(`Response takes a body as Node's does: ${what}`, async () => {
    const response = (): [Response, globalThis.Response] => {
      const { ours, theirs } = make();
      return [new Response(ours as string), new NodeResponse(theirs as string)];
    };
    const [ours, theirs] = response();
    assert.is(ours.headers.get("content-type"), theirs.headers.get("content-type"));
    assert.is(ours.body === null, theirs.body === null);
    for (const method of ["text", "bytes", "arrayBuffer", "json", "formData"] as const) {
      const [left, right] = response();
      const [mine, node] = await Promise.all(
        [left, right].map((r) => r[method]().catch((error: Error) => error.name)),
      );
      if (method === "formData" && typeof mine === "object")
        assert.equal([...(mine as never as [])], [...(node as never as [])]);
      else
        assert.equal(
          mine instanceof ArrayBuffer ? new Uint8Array(mine) : mine,
          node instanceof ArrayBuffer ? new Uint8Array(node) : node,
          method,
        );
      assert.is(left.bodyUsed, right.bodyUsed, method);
      if (left.bodyUsed) assert.instance(await rejection(left.text()), TypeError);
    }
    const [left, right] = response();
    const [mine, node] = [await left.blob(), await right.blob()];
    // Node lowers the whole type, against the standard.
    assert.equal([mine.type.toLowerCase(), mine.size], [node.type, node.size]);
    assert.is(mine.type, left.headers.get("content-type") ?? "");
  });
}

test("Response carries a form both ways", async () => {
  const form = new FormData();
  form.append("a", "1");
  form.append("f", new Blob(["x"]), "n");
  const parsed = await new Response(form).formData();
  assert.is(parsed.get("a"), "1");
  assert.is(await (parsed.get("f") as Blob).text(), "x");
});

const INITS: unknown[] = [
  {},
  undefined,
  null,
  { status: 201 },
  { status: 199 },
  { status: 600 },
  { status: 0 },
  { status: "404" },
  { status: NaN },
  { status: 65_736 },
  { statusText: "fine text" },
  { statusText: "not\nfine" },
  { statusText: "\u20ac" },
  { statusText: "\u00e9" },
  { headers: { a: "1" } },
  { headers: null },
  1,
  "x",
  { status: 204 },
  { status: 304 },
  { headers: { "content-type": "own/type" } },
];
test("new Response takes and refuses what Node's does", () => {
  const look = (make: () => Response | globalThis.Response): unknown => {
    try {
      const { status, statusText, ok, type, url, redirected, headers } = make();
      return { status, statusText, ok, type, url, redirected, headers: [...headers] };
    } catch (error) {
      return (error as Error).name;
    }
  };
  for (const init of INITS) {
    for (const body of [null, "text"]) {
      assert.equal(
        look(() => new Response(body, init as ResponseInit)),
        look(() => new NodeResponse(body, init as ResponseInit as never)),
        JSON.stringify([body, init]),
      );
    }
    assert.equal(
      look(() => Response.json({ a: [1] }, init as ResponseInit)),
      look(() => NodeResponse.json({ a: [1] }, init as never)),
      JSON.stringify(init),
    );
  }
  for (const status of [undefined, 301, 303, 307, 308, 200, 304, NaN]) {
    assert.equal(
      look(() => Response.redirect("http://a.b/c d", status)),
      look(() => NodeResponse.redirect("http://a.b/c d", status as 301)),
      `${status}`,
    );
  }
  assert.equal(
    look(() => Response.redirect("/relative")),
    "TypeError",
  );
  assert.equal(
    look(() => Response.error()),
    look(() => NodeResponse.error()),
  );
  assert.equal(
    look(() => Response.json(undefined)),
    "TypeError",
  );
});

test("Response.clone gives both the whole body, whatever it is made of", async () => {
  for (const body of [
    "text",
    new Uint8Array([116, 101, 120, 116]),
    bytesOf("te", "xt"),
    new Blob(["text"]),
  ]) {
    const first = new Response(body, { headers: { a: "1" } });
    const second = first.clone();
    const third = second.clone();
    first.headers.set("a", "2");
    assert.is(second.headers.get("a"), "1");
    (await first.bytes()).fill(0);
    assert.is(await second.text(), "text");
    assert.is(await third.text(), "text");
    assert.throws(() => first.clone(), ofKind(TypeError));
  }
});

test("Response.clone gives the second branch chunks of its own, and fails for what cannot be cloned", async () => {
  const chunk = new Uint8Array([1, 2]);
  const response = new Response(ReadableStream.from([chunk]) as unknown as string);
  const copy = response.clone();
  const first = await response.body!.getReader().read();
  const second = await copy.body!.getReader().read();
  assert.is(first.value, chunk);
  assert.equal(second.value, chunk);
  assert.is.not(second.value, chunk);
  const odd = new Response(ReadableStream.from([() => {}]) as unknown as string).clone();
  assert.is(((await rejection(odd.body!.getReader().read())) as Error).name, "DataCloneError");
});

test("Response reads a body whole though Object.prototype.then is patched", async () => {
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("hello you"));
      controller.close();
    },
  });
  const reading = new Response(stream as unknown as string).text();
  const patched = Object.prototype as unknown as Record<string, unknown>;
  // oxlint-disable-next-line unicorn/no-thenable -- this is what the test is about
  const key = "then";
  Object.defineProperty(patched, key, {
    configurable: true,
    value(resolve: (value: unknown) => void) {
      delete patched[key];
      resolve({ done: false, value: "bye" });
    },
  });
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  delete patched[key];
  assert.is(await reading, "hello you");
});

test("Response reads a long queue of chunks without recursion", async () => {
  const stream = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 50_000; i++) controller.enqueue(new Uint8Array([120]));
      controller.close();
    },
  });
  assert.is((await new Response(stream as unknown as string).text()).length, 50_000);
});

test("Response whose stream failed rejects with the reason, each time and at once", async () => {
  const reason = new Error("why");
  const stream = new ReadableStream({ start: (controller) => controller.error(reason) });
  const response = new Response(stream as unknown as string);
  const order: string[] = [];
  const first = response.text().catch((error: unknown) => order.push(error === reason ? "why" : "other"));
  await Promise.all([first, Promise.resolve().then(() => order.push("later"))]);
  assert.equal(order, ["why", "later"]);
  assert.is(await rejection(response.json()), reason);
});

test("Response.clone after .body was looked at still has it all", async () => {
  const first = new Response("text");
  const before = first.body;
  const second = first.clone();
  assert.is(before?.locked, true);
  assert.equal([await first.text(), await second.text()], ["text", "text"]);
});

test("Response.body is one stream, used and locked with the body", async () => {
  const response = new Response("text");
  const { body } = response;
  assert.is(body, response.body);
  assert.is(response.bodyUsed, false);
  const reader = body?.getReader();
  assert.instance(await rejection(response.text()), TypeError);
  reader?.releaseLock();
  assert.is(await response.text(), "text");
  assert.is(response.bodyUsed, true);
  assert.is(body?.locked, true);
  const spent = new Response("x");
  await spent.text();
  assert.is(spent.body?.locked, true);
});

test("Response on another's stream reads the same body once", async () => {
  const first = new Response("text");
  const second = new Response(first.body);
  assert.is(await second.text(), "text");
  assert.is(first.bodyUsed, true);
  assert.instance(await rejection(first.text()), TypeError);
  assert.throws(() => new Response(first.body), ofKind(TypeError));
});

test("Response's methods go by the brand", async () => {
  const fake = Object.create(Response.prototype) as Response;
  assert.throws(() => fake.status, ofKind(TypeError));
  assert.throws(() => fake.body, ofKind(TypeError));
  assert.instance(await rejection(fake.text()), TypeError);
  assert.is(Object.prototype.toString.call(new Response()), "[object Response]");
  assert.equal(Object.keys(Response.prototype).sort(), [
    "arrayBuffer",
    "blob",
    "body",
    "bodyUsed",
    "bytes",
    "clone",
    "formData",
    "headers",
    "json",
    "ok",
    "redirected",
    "status",
    "statusText",
    "text",
    "type",
    "url",
    "webSocket",
  ]);
});

test("setBodyCap bounds bodies that are read whole", async () => {
  setBodyCap(5);
  try {
    assert.is(await new Response(bytesOf("12", "345")).text(), "12345");
    assert.instance(await rejection(new Response(bytesOf("123", "456")).text()), RangeError);
    assert.instance(await rejection(new Response(bytesOf("123", "456")).json()), RangeError);
  } finally {
    setBodyCap(100 * 1024 * 1024);
  }
});

test("takeResponse gives plain bodies as they are", () => {
  assert.equal(takeResponse(new Response("text", { status: 201, statusText: "Made" })), {
    status: 201,
    statusText: "Made",
    headers: "content-type\ntext/plain;charset=UTF-8",
    body: "text",
    webSocket: null,
    isCoded: false,
  });
  assert.equal(takeResponse(new Response(null, { headers: { "X-A": "1" } })), {
    status: 200,
    statusText: "",
    headers: "x-a\n1",
    body: null,
    webSocket: null,
    isCoded: false,
  });
  const looked = new Response("text");
  void looked.body;
  assert.is(takeResponse(looked).body, "text");
  assert.is(takeResponse(new Response(new Response("inner").body)).body, "inner");
});

test("takeResponse gives a stream that was touched as a stream", async () => {
  const stream = bytesOf("a");
  const taken = takeResponse(new Response(stream));
  assert.is((taken.body as { stream: unknown }).stream, stream);
  const looked = new Response("text").body as ByteStream;
  const [branch] = looked.tee();
  assert.is((takeResponse(new Response(branch)).body as { stream: unknown }).stream, branch);
});

test("takeResponse uses the response up", async () => {
  const response = new Response("text");
  takeResponse(response);
  assert.is(response.bodyUsed, true);
  assert.throws(() => takeResponse(response), /already been used/);
  assert.instance(await rejection(response.text()), TypeError);
  const locked = new Response("text");
  locked.body?.getReader();
  assert.throws(() => takeResponse(locked), ofKind(TypeError));
});

test("takeResponse refuses what is no Response", () => {
  for (const value of [
    undefined,
    null,
    "text",
    {},
    Object.create(Response.prototype),
    new NodeResponse("x"),
    new Proxy(new Response(), {}),
  ]) {
    assert.throws(
      () => takeResponse(value),
      /Incorrect type for Promise: the Promise did not resolve to 'Response'/,
    );
  }
  assert.throws(() => takeResponse(Response.error()), ofKind(TypeError));
  class Own extends Response {}
  assert.is(takeResponse(new Own("sub")).body, "sub");
});

test("an empty text beside a status without a body is no body, as on Workers", () => {
  for (const status of [204, 205, 304]) {
    assert.is(new Response("", { status }).body, null);
    assert.throws(() => new Response("x", { status }), /null body status/);
  }
});

test("encodeBody says who encodes, is copied by clone, and has two values", () => {
  const manual = new Response("x", { encodeBody: "manual" });
  assert.is(takeResponse(manual.clone()).isCoded, true);
  assert.is(takeResponse(manual).isCoded, true);
  assert.is(takeResponse(new Response("x", { encodeBody: "automatic" })).isCoded, false);
  assert.throws(() => new Response("x", { encodeBody: "odd" as "manual" }), ofKind(TypeError));
});

test.run();
